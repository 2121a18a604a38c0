import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord } from "../../formats/unknown-record.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import { type InstrumentationOptions, resolveInstrumentation } from "../instrumentation-options.ts";
import { isInstrumented, rememberRestore, replaceMethod } from "../replaced-method.ts";
import { observeStainlessClient } from "../stainless-client.ts";
import { observeBackgroundResponses } from "./background-responses.ts";
import { OpenAIDialect } from "./openai-dialect.ts";
import { providerOfBaseUrl, reportsUsageInStreams } from "./openai-provider.ts";

/** What is needed of a client of the `openai` package, 4.104 to 6. */
export interface OpenAIClient {
  /** Address of the API, which tells the provider. */
  readonly baseURL: string;
  /** Sends a request; every method of the client that calls a model uses it. */
  post(path: string, options?: never): unknown;
}

/** Options of {@link instrumentOpenAI}. */
export interface OpenAIInstrumentationOptions extends InstrumentationOptions {
  /**
   * Asks for the usage of a chat stream where the application did not; the extra chunk is kept from it.
   *
   * @default true for OpenAI and the providers that are known to accept it, false for Azure and others
   */
  readonly requestStreamUsage?: boolean;
}

const integration = {
  name: "openai",
  channel: "tracing:apm:openai:request:start",
  instrument: "instrumentOpenAI",
};

/**
 * Records every model call of an OpenAI client: chat, responses, completions, embeddings, images, audio, moderations
 * and batches, with the helpers on top of them; a background response once more when its answer is retrieved. Azure and compatible servers are named by their base URL.
 *
 * The client itself is observed, so its class, properties, promises and streams are what they were. Doing it twice
 * changes nothing; {@link uninstrument} takes it off. Clients made by `withOptions` are observed, too.
 *
 * @param client The client to observe; it is changed in place.
 * @param options Where calls are recorded, and tags for all of them.
 * @returns The same client.
 * @throws {ConfigurationError} When the client or an option is not what it should be; nothing throws later.
 * @example
 * ```ts
 * import { instrumentOpenAI } from "@llmdevops/dd-llm";
 * import OpenAI from "openai";
 *
 * const openai = instrumentOpenAI(new OpenAI(), { llm });
 * ```
 */
export function instrumentOpenAI<C extends OpenAIClient>(
  client: C,
  options: OpenAIInstrumentationOptions,
): C {
  const instrumentation = resolveInstrumentation(options);
  if (!isRecord(client) || typeof client.post !== "function") {
    throw new ConfigurationError("The client must be one of the openai package.");
  }
  if (isInstrumented(client)) return client;
  const provider = instrumentation.provider ?? providerOfBaseUrl(client.baseURL);
  const asksForUsage = options.requestStreamUsage ?? reportsUsageInStreams(provider);
  const restores = observeStainlessClient(
    client,
    new OpenAIDialect(provider, client, asksForUsage),
    instrumentation,
    () => warnOfDuplicateCapture(integration, instrumentation.logger),
  );
  if (typeof Reflect.get(client, "get") === "function") {
    restores.push(observeBackgroundResponses(client, provider, instrumentation));
  }
  if (typeof Reflect.get(client, "withOptions") === "function") {
    restores.push(
      replaceMethod(client, "withOptions", (original) => (...args) => {
        const copy = Reflect.apply(original, client, args) as C;
        return instrumentOpenAI(copy, options);
      }),
    );
  }
  rememberRestore(client, restores);
  return client;
}
