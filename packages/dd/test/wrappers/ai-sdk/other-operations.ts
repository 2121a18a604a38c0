import type { AISDKTelemetry } from "@llmdevops/dd-llm";
import * as ai7 from "ai";
import * as ai5 from "ai-5";
import * as ai6 from "ai-6";
import * as ai4 from "ai-oldest";
import { parts, parts1, result, result1, type Script, streamOf } from "./scripted-model.ts";

/** The AI SDK in one major, with what it can do beside texts. */
export interface OtherOperations {
  readonly name: string;
  readonly version: 4 | 5 | 6 | 7;
  /** Texts that are asked for once more after a refusal. */
  text(scripts: readonly Script[], telemetry: AISDKTelemetry): Promise<string>;
  object(script: Script, telemetry: AISDKTelemetry): Promise<unknown>;
  streamObject(
    script: Script,
    telemetry: AISDKTelemetry,
    abortSignal?: AbortSignal,
  ): AsyncIterable<unknown>;
  /** One text or several, of which a request takes two; `answers` are refusals and token counts. */
  embed(
    values: string | readonly string[],
    answers: readonly (Error | number)[],
    telemetry: AISDKTelemetry,
  ): Promise<unknown>;
  rerank(answers: readonly (Error | number)[], telemetry: AISDKTelemetry): Promise<unknown>;
  speak(answers: readonly (Error | number)[], telemetry: AISDKTelemetry): Promise<unknown>;
  transcribe(answers: readonly (Error | number)[], telemetry: AISDKTelemetry): Promise<unknown>;
  /** A refusal that the SDK asks again after. */
  refusal(): Error;
}

type Sdk = typeof ai7;

const schema = {
  type: "object",
  properties: { place: { type: "string" } },
  required: ["place"],
  additionalProperties: false,
} as const;
const prompt = "Where is my parcel?";

function operationsOf(version: 4 | 5 | 6 | 7, sdk: Sdk): OtherOperations {
  const specification = version === 4 ? "v1" : `v${version - 3}`;
  const identity = (provider: string, modelId: string) => ({
    specificationVersion: version === 5 ? "v2" : specification,
    provider,
    modelId,
  });
  const common = ({ tracer, ...integration }: AISDKTelemetry) =>
    version === 7
      ? { telemetry: { integrations: [integration] } }
      : { experimental_telemetry: { isEnabled: true, tracer: tracer as never } };
  const language = (script: Script) => ({
    ...identity("anthropic.messages", "claude-sonnet-4-6"),
    supportedUrls: {},
    defaultObjectGenerationMode: "json",
    doGenerate: async () => {
      if (script.refusal !== undefined) throw script.refusal;
      return version === 4
        ? result1(script)
        : result(script, version === 5 ? 2 : version === 6 ? 3 : 4);
    },
    doStream: async (settings: object) => ({
      stream: streamOf(
        script,
        version === 4 ? parts1(script) : parts(script, version === 5 ? 2 : version === 6 ? 3 : 4),
        settings,
      ),
      rawCall: { rawPrompt: null, rawSettings: {} },
    }),
  });
  const answered = <T>(answers: readonly (Error | number)[], answer: (tokens: number) => T) => {
    const rest = [...answers];
    return async () => {
      const next = rest.shift() ?? 0;
      if (typeof next !== "number") throw next;
      return answer(next);
    };
  };
  const response = { timestamp: new Date(0), modelId: "m", headers: {} };
  const objectOptions = (script: Script, telemetry: AISDKTelemetry) => ({
    ...common(telemetry),
    model: language(script) as never,
    schema: sdk.jsonSchema<{ place: string }>(schema as never),
    prompt,
    maxRetries: 0,
  });
  return {
    name: `AI SDK ${version}`,
    version,
    async text(scripts, telemetry) {
      const rest = [...scripts];
      const model = {
        ...language({}),
        doGenerate: () => language(rest.shift() ?? {}).doGenerate(),
      } as never;
      const { text } = await sdk.generateText({
        ...common(telemetry),
        model,
        prompt,
        maxRetries: 1,
      });
      return text;
    },
    object: async (script, telemetry) =>
      (await sdk.generateObject(objectOptions(script, telemetry))).object,
    streamObject: (script, telemetry, abortSignal) =>
      sdk.streamObject({
        ...objectOptions(script, telemetry),
        onError() {},
        ...(abortSignal === undefined ? {} : { abortSignal }),
      }).fullStream,
    embed(values, answers, telemetry) {
      const model = {
        ...identity("openai.embedding", "text-embedding-3-small"),
        maxEmbeddingsPerCall: 2,
        supportsParallelCalls: true,
        doEmbed: answered(answers, (tokens) => ({
          embeddings: [[1], [2]].slice(0, typeof values === "string" ? 1 : 2),
          usage: { tokens },
          warnings: [],
        })),
      } as never;
      const options = { ...common(telemetry), model, maxRetries: 1 };
      return typeof values === "string"
        ? sdk.embed({ ...options, value: values })
        : sdk.embedMany({ ...options, values: [...values] });
    },
    rerank: (answers, telemetry) =>
      sdk.rerank({
        ...common(telemetry),
        model: {
          ...identity("cohere.reranking", "rerank-v3.5"),
          doRerank: answered(answers, () => ({
            ranking: [{ index: 1, relevanceScore: 0.9 }],
            response,
          })),
        } as never,
        query: "refund",
        documents: ["shipping", "refunds within 30 days"],
        maxRetries: 1,
      }),
    speak: (answers, telemetry) =>
      sdk.experimental_generateSpeech({
        ...common(telemetry),
        model: {
          ...identity("openai.speech", "gpt-4o-mini-tts"),
          doGenerate: answered(answers, () => ({
            audio: new Uint8Array([1, 2, 3]),
            warnings: [],
            response,
          })),
        } as never,
        text: "It is on its way.",
        maxRetries: 0,
      }),
    transcribe: (answers, telemetry) =>
      sdk.experimental_transcribe({
        ...common(telemetry),
        model: {
          ...identity("openai.transcription", "whisper-1"),
          doGenerate: answered(answers, () => ({
            text: "Where is my parcel?",
            segments: [],
            language: "en",
            durationInSeconds: 60,
            warnings: [],
            response,
          })),
        } as never,
        audio: new Uint8Array([1, 2, 3]),
        maxRetries: 0,
      }),
    refusal: () =>
      new sdk.APICallError({
        message: "Too many requests",
        url: "https://provider.example",
        requestBodyValues: {},
        statusCode: 429,
        responseHeaders: { "retry-after-ms": "1" },
        isRetryable: true,
      }),
  };
}

/** All majors; where the types of the older ones differ these calls do not look. */
export const otherOperations: readonly OtherOperations[] = [
  operationsOf(4, ai4 as unknown as Sdk),
  operationsOf(5, ai5 as unknown as Sdk),
  operationsOf(6, ai6 as unknown as Sdk),
  operationsOf(7, ai7),
];
