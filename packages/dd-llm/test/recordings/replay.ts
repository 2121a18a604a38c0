import { createServer, type Server } from "node:http";
import {
  createServer as createHttp2Server,
  type Http2Server,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import type { LLMSpan } from "../../src/index.ts";
import type { Recording } from "./recordings.ts";
import { requestBedrock } from "./request-bedrock.ts";

/** Answers every request with one recorded answer, over HTTP/1.1 and, as the AWS SDK wants it, over HTTP/2. */
export class ReplayServer {
  readonly #server: Server;
  readonly #http2Server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  #recording: Recording | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      request.resume();
      response.writeHead(...this.#head());
      response.end(this.#recording?.body);
    });
    this.#http2Server = createHttp2Server((request, response) => {
      request.resume();
      response.writeHead(...this.#head());
      response.end(this.#recording?.body ?? "");
    });
    this.#http2Server.on("session", (session) => {
      this.#sessions.add(session);
    });
  }

  static async start(): Promise<ReplayServer> {
    const replay = new ReplayServer();
    for (const server of [replay.#server, replay.#http2Server]) {
      await new Promise<void>((resolve) => {
        server.listen(0, "127.0.0.1", resolve);
      });
    }
    return replay;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    for (const session of this.#sessions) session.destroy();
    for (const server of [this.#server, this.#http2Server]) {
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  }

  #head(): [status: number, headers: { readonly "content-type": string }] {
    const { status = 500, contentType = "text/plain" } = this.#recording ?? {};
    return [status, { "content-type": contentType }];
  }

  /** Makes the recorded request through the provider's official SDK, the answer observed as an application would. */
  async replay(recording: Recording, span: LLMSpan): Promise<void> {
    this.#recording = recording;
    const answer = await this.#request(recording);
    if (isStream(answer)) for await (const _ of span.observe(answer));
    else span.recordResponse(answer);
  }

  #request(recording: Recording): Promise<unknown> {
    const baseURL = addressOf(this.#server);
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
        return requestBedrock(recording, modelOf(recording), addressOf(this.#http2Server));
    }
  }
}

function addressOf(server: Server | Http2Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
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
