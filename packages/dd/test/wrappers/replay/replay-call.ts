import { Readable } from "node:stream";
import Anthropic from "@anthropic-ai/sdk";
import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { GoogleGenAI } from "@google/genai";
import {
  instrumentAnthropic,
  instrumentBedrock,
  instrumentGoogleGenAI,
  instrumentOpenAI,
  type LLMRecorder,
} from "@llmdevops/dd-llm";
import OpenAI from "openai";
import type { RecordedCall } from "./recorded-calls.ts";

/** Makes a recorded call through an instrumented client whose answer comes in these pieces, and reads it all. */
export async function replayCall(
  call: RecordedCall,
  pieces: readonly Uint8Array[],
  llm: LLMRecorder,
): Promise<void> {
  const answer = await ask(call, pieces, llm);
  if (isStream(answer)) for await (const chunk of answer) void chunk;
}

function ask(
  call: RecordedCall,
  pieces: readonly Uint8Array[],
  llm: LLMRecorder,
): Promise<unknown> {
  // The recorded request is what the SDK was given then; its type is only known at run time.
  const request = call.request as never;
  const settings = { apiKey: "test", maxRetries: 0, fetch: async () => responseOf(call, pieces) };
  switch (call.provider) {
    case "openai": {
      const openai = instrumentOpenAI(new OpenAI(settings), { llm, requestStreamUsage: false });
      if (call.url.pathname.endsWith("/responses")) return openai.responses.create(request);
      return call.url.pathname.endsWith("/chat/completions")
        ? openai.chat.completions.create(request)
        : openai.completions.create(request);
    }
    case "anthropic": {
      const anthropic = instrumentAnthropic(new Anthropic(settings), { llm });
      return call.url.searchParams.get("beta") === "true"
        ? anthropic.beta.messages.create(request)
        : anthropic.messages.create(request);
    }
    case "genai":
      return askGoogle(call, pieces, llm);
    case "bedrock-runtime":
      return askBedrock(call, pieces, llm);
  }
}

async function askGoogle(
  call: RecordedCall,
  pieces: readonly Uint8Array[],
  llm: LLMRecorder,
): Promise<unknown> {
  const google = instrumentGoogleGenAI(new GoogleGenAI({ apiKey: "test", vertexai: false }), {
    llm,
  });
  const [, model = "", method = ""] = /models\/([^:]+):(\w+)/.exec(call.url.pathname) ?? [];
  const request = { model, contents: call.request["contents"] ?? "Hello" } as never;
  const { fetch } = globalThis;
  // The SDK takes no fetch of the application's.
  globalThis.fetch = async () => responseOf(call, pieces);
  try {
    if (method.includes("EmbedContents")) return await google.models.embedContent(request);
    return method.startsWith("stream")
      ? await google.models.generateContentStream(request)
      : await google.models.generateContent(request);
  } finally {
    globalThis.fetch = fetch;
  }
}

async function askBedrock(
  call: RecordedCall,
  pieces: readonly Uint8Array[],
  llm: LLMRecorder,
): Promise<unknown> {
  const client = new BedrockRuntimeClient({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode: call.status,
          headers: { "content-type": call.contentType },
          body: Readable.from(pieces, { objectMode: false }),
        },
      }),
    },
  });
  instrumentBedrock(client, { llm });
  const modelId = decodeURIComponent(/model\/([^/]+)\//.exec(call.url.pathname)?.[1] ?? "");
  if (call.url.pathname.endsWith("converse-stream")) {
    const { stream } = await client.send(
      new ConverseStreamCommand({ modelId, ...call.request } as never),
    );
    return stream;
  }
  const body = JSON.stringify(call.request);
  const { body: stream } = await client.send(
    new InvokeModelWithResponseStreamCommand({ modelId, body }),
  );
  return stream;
}

function responseOf(call: RecordedCall, pieces: readonly Uint8Array[]): Response {
  const rest = [...pieces];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = rest.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
  return new Response(body, { status: call.status, headers: { "content-type": call.contentType } });
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}
