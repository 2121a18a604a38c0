import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import type { LLMSpan } from "../../src/index.ts";
import { readBedrockAnswer } from "./bedrock-answer.ts";
import type { Recording } from "./recordings.ts";

/** Answers every request with one recorded answer, over HTTP. */
export class ReplayServer {
  readonly #server: Server;
  #recording: Recording | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      request.resume();
      const recording = this.#recording;
      response.writeHead(recording?.status ?? 500, {
        "content-type": recording?.contentType ?? "text/plain",
      });
      response.end(recording?.body);
    });
  }

  static async start(): Promise<ReplayServer> {
    const replay = new ReplayServer();
    await new Promise<void>((resolve) => {
      replay.#server.listen(0, "127.0.0.1", resolve);
    });
    return replay;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  /** Makes the recorded request through the provider's official SDK, the answer observed as an application would. */
  async replay(recording: Recording, span: LLMSpan): Promise<void> {
    this.#recording = recording;
    const answer = await this.#request(recording);
    if (isStream(answer)) for await (const _ of span.observe(answer));
    else span.recordResponse(answer);
  }

  #request(recording: Recording): Promise<unknown> {
    const { port } = this.#server.address() as AddressInfo;
    const baseURL = `http://127.0.0.1:${port}`;
    switch (recording.provider) {
      case "openai":
      case "deepseek":
        return requestOpenAI(recording, baseURL);
      case "anthropic":
      case "claude-agent-sdk":
        return requestAnthropic(recording, baseURL);
      case "genai":
        return requestGoogle(recording, baseURL);
      default:
        return Promise.resolve(readBedrockAnswer(recording));
    }
  }
}

/** The model that a recorded request names, in its body or in its address. */
export function modelOf({ request, url }: Recording): string {
  const named =
    request["model"] ?? /models?\/([^/]+?)(?::[a-z]+Content|\/|$)/i.exec(url.pathname)?.[1];
  return typeof named === "string" ? decodeURIComponent(named) : "gpt-4o-mini";
}

async function requestOpenAI({ url, request }: Recording, baseURL: string): Promise<unknown> {
  const client = new OpenAI({ apiKey: "test", baseURL, maxRetries: 0 });
  // The recorded request is what the SDK was given then; its type is only known at run time.
  const body = request as never;
  if (url.pathname.endsWith("/chat/completions")) return await client.chat.completions.create(body);
  if (url.pathname.endsWith("/responses")) return await client.responses.create(body);
  if (url.pathname.endsWith("/embeddings")) return await client.embeddings.create(body);
  return await client.completions.create(body);
}

async function requestAnthropic({ url, request }: Recording, baseURL: string): Promise<unknown> {
  const client = new Anthropic({ apiKey: "test", baseURL, maxRetries: 0 });
  const body = request as never;
  return url.searchParams.get("beta") === "true"
    ? await client.beta.messages.create(body)
    : await client.messages.create(body);
}

async function requestGoogle(recording: Recording, baseUrl: string): Promise<unknown> {
  const client = new GoogleGenAI({ apiKey: "test", httpOptions: { baseUrl } });
  const model = modelOf(recording);
  return recording.url.pathname.includes("EmbedContents")
    ? await client.models.embedContent({ model, contents: "Hello, world!" })
    : await client.models.generateContent({
        model,
        contents: recording.request["contents"] as never,
      });
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}
