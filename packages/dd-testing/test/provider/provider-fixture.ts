import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll } from "vitest";
import {
  type ProviderServer,
  type ProviderServerOptions,
  startProviderServer,
} from "../../src/index.ts";

/** The official SDKs, pointed at a server by their base URL and otherwise as users create them. */
export function sdkClients(server: ProviderServer): {
  anthropic: Anthropic;
  openai: OpenAI;
  gemini: GoogleGenAI;
} {
  const { baseUrls } = server;
  return {
    anthropic: new Anthropic({ apiKey: "test", baseURL: baseUrls.anthropic, maxRetries: 0 }),
    openai: new OpenAI({ apiKey: "test", baseURL: baseUrls.openai, maxRetries: 0 }),
    gemini: new GoogleGenAI({ apiKey: "test", httpOptions: { baseUrl: baseUrls.gemini } }),
  };
}

export interface ProviderFixture {
  server: ProviderServer;
  anthropic: Anthropic;
  openai: OpenAI;
  gemini: GoogleGenAI;
}

/** Starts one server for a test file and empties it after every test. */
export function useProviderServer(options: ProviderServerOptions = {}): ProviderFixture {
  const fixture = {} as ProviderFixture;
  beforeAll(async () => {
    const server = await startProviderServer(options);
    Object.assign(fixture, { server, ...sdkClients(server) });
  });
  afterEach(() => fixture.server.clear());
  afterAll(() => fixture.server.stop());
  return fixture;
}

/** The shortest valid request of each operation. */
export const ask: {
  messages: Anthropic.MessageCreateParamsNonStreaming;
  chat: { model: string; messages: OpenAI.ChatCompletionMessageParam[] };
  response: { model: string; input: string };
  gemini: { model: string; contents: string };
} = {
  messages: {
    model: "claude-test",
    max_tokens: 100,
    messages: [{ role: "user", content: "What is new?" }],
  },
  chat: { model: "gpt-test", messages: [{ role: "user", content: "What is new?" }] },
  response: { model: "gpt-test", input: "What is new?" },
  gemini: { model: "gemini-test", contents: "What is new?" },
};

/** Sends a JSON body without an SDK. */
export function post(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  const headers = { "content-type": "application/json", ...init.headers };
  return fetch(url, { method: "POST", body: JSON.stringify(body), ...init, headers });
}

/** A promise that is opened from outside: holds a stream between two chunks without sleeping. */
export function barrier(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Reads a stream to its end. */
export async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
