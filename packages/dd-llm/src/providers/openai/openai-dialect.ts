import { isRecord, recordAt, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import { readCallParameters } from "../call-parameters.ts";
import type { PreparedRequest, StainlessDialect } from "../stainless-client.ts";
import { hideUsageChunk } from "./hidden-usage-chunk.ts";
import { openAIBatchType, openAIRequestType } from "./openai-endpoint.ts";

/** Understands the requests of the OpenAI SDK. */
export class OpenAIDialect implements StainlessDialect {
  readonly #provider: string;
  readonly #client: UnknownRecord;
  readonly #requestsStreamUsage: boolean;

  constructor(provider: string, client: UnknownRecord, requestsStreamUsage: boolean) {
    this.#provider = provider;
    this.#client = client;
    this.#requestsStreamUsage = requestsStreamUsage;
  }

  isModelCall(path: string): boolean {
    return openAIRequestType(path) !== undefined;
  }

  prepare(path: string, options: UnknownRecord): PreparedRequest {
    const body = bodyOf(options);
    const isBatch = path === "/batches";
    const asksForUsage = this.#requestsStreamUsage && lacksStreamUsage(path, body);
    const prepared = asksForUsage ? { ...options, body: withStreamUsage(body) } : options;
    return {
      request: {
        provider: this.#provider,
        model: this.#modelOf(body, options),
        requestType: isBatch
          ? openAIBatchType(body["endpoint"])
          : (openAIRequestType(path) ?? "chat"),
        input: body,
        parameters: readCallParameters(body),
        tags: {
          "llm.organization": textAt(this.#client, "organization"),
          "llm.project": textAt(this.#client, "project"),
          "llm.background": body["background"] === true ? true : undefined,
          "llm.batch": isBatch ? true : undefined,
        },
      },
      options: prepared,
      ...(asksForUsage ? { adapt: hideUsageChunk } : {}),
    };
  }

  /** Azure names the model by its deployment; a prompt of the Responses API may hold it. */
  #modelOf(body: UnknownRecord, options: UnknownRecord): string {
    return (
      textAt(body, "model") ??
      textAt(recordAt(options, "__metadata"), "model") ??
      textAt(this.#client, "deploymentName") ??
      "unknown"
    );
  }
}

/** The body as an object; of a form only its texts, never its files. */
function bodyOf(options: UnknownRecord): UnknownRecord {
  const body = options["body"];
  if (body instanceof FormData) {
    return Object.fromEntries([...body].filter(([, value]) => typeof value === "string"));
  }
  return isRecord(body) ? body : {};
}

function lacksStreamUsage(path: string, body: UnknownRecord): boolean {
  if (path !== "/chat/completions" || body["stream"] !== true) return false;
  const options = body["stream_options"];
  if (options === undefined || options === null) return true;
  return isRecord(options) && options["include_usage"] === undefined;
}

function withStreamUsage(body: UnknownRecord): UnknownRecord {
  return {
    ...body,
    stream_options: { ...recordAt(body, "stream_options"), include_usage: true },
  };
}
