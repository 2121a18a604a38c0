import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord, recordAt, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import type { LLMRequestType } from "../../span/llm-span-options.ts";
import { rememberDisguisedTimeout } from "../../stream/stream-abort.ts";
import { meaningOf } from "../abort-meaning.ts";
import { readGeminiParameters } from "../call-parameters.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import {
  type InstrumentationOptions,
  type ResolvedInstrumentation,
  resolveInstrumentation,
} from "../instrumentation-options.ts";
import { ObservedModelCall, quietly } from "../observed-model-call.ts";
import {
  isInstrumented,
  type Restore,
  rememberRestore,
  replaceMethod,
} from "../replaced-method.ts";

/** What is needed of a client of `@google/genai`, 1.9 to 2. */
export interface GoogleGenAIClient {
  /** Has the methods that call models, such as `generateContent`. */
  readonly models: object;
}

/**
 * Each request of the SDK passes one of these. The public methods make several with automatic function calling, so
 * the inner ones are observed where they exist.
 */
const operations: readonly (readonly [LLMRequestType, ...names: string[]])[] = [
  ["chat", "generateContentInternal", "generateContent"],
  ["chat", "generateContentStreamInternal", "generateContentStream"],
  ["embed", "embedContentInternal", "embedContent"],
  ["image", "generateImagesInternal", "generateImages"],
];

const integration = {
  name: "google-genai",
  channel: "tracing:apm:google:genai:request:start",
  instrument: "instrumentGoogleGenAI",
};

/**
 * Records every model call of a Google Gen AI client: contents, streams, chats, embeddings and images, on the Gemini
 * API and on Vertex AI. With automatic function calling each request to the model is a call of its own.
 *
 * The client itself is observed, so its class, properties, promises and streams are what they were. Doing it twice
 * changes nothing; {@link uninstrument} takes it off.
 *
 * @param client The client to observe; it is changed in place.
 * @param options Where calls are recorded, and tags for all of them.
 * @returns The same client.
 * @throws {ConfigurationError} When the client or an option is not what it should be; nothing throws later.
 * @example
 * ```ts
 * import { GoogleGenAI } from "@google/genai";
 * import { instrumentGoogleGenAI } from "@llmdevops/dd-llm";
 *
 * const google = instrumentGoogleGenAI(new GoogleGenAI({ apiKey }), { llm });
 * ```
 */
export function instrumentGoogleGenAI<C extends GoogleGenAIClient>(
  client: C,
  options: InstrumentationOptions,
): C {
  const instrumentation = resolveInstrumentation(options);
  const settings: unknown = client;
  const models = isRecord(settings) ? settings["models"] : undefined;
  if (!isRecord(models) || typeof models["generateContent"] !== "function") {
    throw new ConfigurationError("The client must be one of @google/genai.");
  }
  if (isInstrumented(client)) return client;
  const restores: Restore[] = [];
  for (const [requestType, ...names] of operations) {
    const name = names.find((name) => typeof models[name] === "function");
    if (name === undefined) continue;
    restores.push(
      replaceMethod(models, name, (original) => (parameters, ...rest) => {
        quietly(() => warnOfDuplicateCapture(integration, instrumentation.logger));
        return observe(
          () => Reflect.apply(original, models, [parameters, ...rest]),
          () => begin(requestType, parameters, recordOf(settings), instrumentation),
          abortSignalOf(parameters),
        );
      }),
    );
  }
  rememberRestore(client, restores);
  return client;
}

function begin(
  requestType: LLMRequestType,
  parameters: unknown,
  client: UnknownRecord,
  instrumentation: ResolvedInstrumentation,
): ObservedModelCall {
  const request = isRecord(parameters) ? parameters : {};
  const isVertex = client["vertexai"] === true;
  return new ObservedModelCall(
    {
      provider: instrumentation.provider ?? "google",
      model: modelName(request),
      requestType,
      input: request,
      signal: abortSignalOf(parameters),
      parameters: readGeminiParameters(recordAt(request, "config")),
      tags: {
        "llm.project": isVertex ? textAt(client, "project") : undefined,
        "llm.region": isVertex ? textAt(client, "location") : undefined,
      },
    },
    instrumentation,
  );
}

function recordOf(value: unknown): UnknownRecord {
  return isRecord(value) ? value : {};
}

/** The model's own name, without the path that Vertex AI and tuned models have. */
function modelName(request: UnknownRecord): string {
  return textAt(request, "model")?.split("/").at(-1) || "unknown";
}

function abortSignalOf(parameters: unknown): AbortSignal | undefined {
  const signal = recordAt(recordOf(parameters), "config")["abortSignal"];
  return signal instanceof AbortSignal ? signal : undefined;
}

function observe(
  send: () => unknown,
  begin: () => ObservedModelCall,
  signal: AbortSignal | undefined,
): unknown {
  let call: ObservedModelCall | undefined;
  quietly(() => {
    call = begin();
  });
  if (call === undefined) return send();
  const begun = call;
  let promise: unknown;
  try {
    promise = begun.run(send);
  } catch (error) {
    begun.failed(error);
    throw error;
  }
  if (!(promise instanceof Promise)) {
    begun.succeeded(promise);
    return promise;
  }
  return promise.then(
    (result) => {
      quietly(() =>
        begun.responded(undefined, recordAt(recordAt(result, "sdkHttpResponse"), "headers")),
      );
      if (isRecord(result)) rememberDisguisedTimeout(result);
      begun.succeeded(result);
      return result;
    },
    (error: unknown) => {
      begun.failed(meaningOf(error, signal));
      throw error;
    },
  );
}
