import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import { type InstrumentationOptions, resolveInstrumentation } from "../instrumentation-options.ts";
import { isInstrumented, rememberRestore, replaceMethod } from "../replaced-method.ts";
import { observeStainlessClient } from "../stainless-client.ts";
import { AnthropicDialect } from "./anthropic-dialect.ts";

/** What is needed of a client of `@anthropic-ai/sdk`, 0.39 to 1, or of its Bedrock and Vertex siblings. */
export interface AnthropicClient {
  /** Address of the API, which tells the provider. */
  readonly baseURL: string;
  /** Sends a request; every method of the client that calls a model uses it. */
  post(path: string, options?: never): unknown;
}

const integration = {
  name: "anthropic",
  channel: "tracing:apm:anthropic:request:start",
  instrument: "instrumentAnthropic",
};

/**
 * Records every model call of an Anthropic client: messages (beta included), text completions and message batches,
 * with the helpers on top of them, such as `messages.stream()` and tool runners.
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
 * import Anthropic from "@anthropic-ai/sdk";
 * import { instrumentAnthropic } from "@llmdevops/dd-llm";
 *
 * const anthropic = instrumentAnthropic(new Anthropic(), { llm });
 * ```
 */
export function instrumentAnthropic<C extends AnthropicClient>(
  client: C,
  options: InstrumentationOptions,
): C {
  const instrumentation = resolveInstrumentation(options);
  if (!isRecord(client) || typeof client.post !== "function") {
    throw new ConfigurationError("The client must be one of @anthropic-ai/sdk.");
  }
  if (isInstrumented(client)) return client;
  const provider = instrumentation.provider ?? providerOf(client);
  const region = textAt(client, "awsRegion") ?? textAt(client, "region");
  const restores = observeStainlessClient(
    client,
    new AnthropicDialect(provider, region),
    instrumentation,
    () => warnOfDuplicateCapture(integration, instrumentation.logger),
  );
  if (typeof Reflect.get(client, "withOptions") === "function") {
    restores.push(
      replaceMethod(client, "withOptions", (original) => (...args) => {
        const copy = Reflect.apply(original, client, args) as C;
        return instrumentAnthropic(copy, options);
      }),
    );
  }
  rememberRestore(client, restores);
  return client;
}

/** Where the model runs, by the client's base URL. */
function providerOf({ baseURL }: UnknownRecord): string {
  const host =
    typeof baseURL === "string" && URL.canParse(baseURL) ? new URL(baseURL).hostname : "";
  if (/^bedrock-(runtime|mantle)\./.test(host)) return "aws";
  if (/(^|[.-])aiplatform\.googleapis\.com$/.test(host)) return "google";
  return /\.azure\.com$/.test(host) ? "azure" : "anthropic";
}
