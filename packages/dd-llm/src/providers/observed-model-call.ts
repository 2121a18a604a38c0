import type { Span } from "@llmdevops/dd-core";
import type { ContentMode } from "../content/content-policy.ts";
import { classifyLLMError } from "../errors/error-class.ts";
import { isRecord, type UnknownRecord } from "../formats/unknown-record.ts";
import type { LLMSpan } from "../span/llm-span.ts";
import type { LLMRequestType } from "../span/llm-span-options.ts";
import { timeoutOf } from "../stream/stream-abort.ts";
import type { ResolvedInstrumentation } from "./instrumentation-options.ts";
import { takeModelCall } from "./model-call-offer.ts";
import { noteRecordedResponse } from "./recorded-responses.ts";
import { readResponseHeaders } from "./response-headers.ts";

/** What an SDK is asked for. */
export interface ModelRequest {
  readonly provider: string;
  readonly model: string;
  readonly requestType: LLMRequestType;
  /** The request itself, recorded as far as the content policy allows. */
  readonly input: unknown;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly tags?: Readonly<Record<string, unknown>>;
  /** The span of what the call is part of. @default the active span */
  readonly childOf?: Span;
  /** What the application stops the call with, where it can. */
  readonly signal?: AbortSignal | undefined;
  /** How much of the content is recorded. @default what the client's options say */
  readonly content?: ContentMode;
}

/** One call of an instrumented SDK, from its request to the end of its answer. No method throws. */
export class ObservedModelCall {
  readonly #span: LLMSpan;
  readonly #instrumentation: ResolvedInstrumentation;
  readonly #signal: AbortSignal | undefined;
  #retries = 0;
  #hasResult = false;

  constructor(request: ModelRequest, instrumentation: ResolvedInstrumentation) {
    const { tags, metricTags, llm } = instrumentation;
    const { provider, model, requestType, parameters, content } = request;
    const childOf = request.childOf ?? takeModelCall()?.childOf;
    this.#instrumentation = instrumentation;
    this.#signal = request.signal;
    this.#span = llm.startLLMSpan("llm.request", {
      provider,
      model,
      requestType,
      parameters,
      metricTags,
      tags: { ...parameterTags(parameters), ...tags, ...request.tags },
      ...(childOf === undefined ? {} : { childOf }),
      ...(content === undefined ? {} : { content }),
    });
    this.#span.setInput(request.input);
  }

  /** Runs what sends the request, with the span active where the recorder can do that. */
  run<T>(send: () => T): T {
    const { llm } = this.#instrumentation;
    if (typeof llm.withSpan !== "function") return send();
    return llm.withSpan(this.#span, send);
  }

  /** The SDK sends the request once more. */
  retried(): void {
    this.#retries += 1;
    this.#span.addEvent("llm.retry", { attempt: this.#retries });
    this.#span.setTag("llm.retries", this.#retries);
  }

  /** The headers of the answer have arrived. */
  responded(status: unknown, headers: unknown): void {
    quietly(() => {
      if (typeof status === "number") this.#span.setTag("http.status_code", status);
      this.#span.setTags(readResponseHeaders(headers));
    });
  }

  /**
   * The SDK hands out its result: a stream, which ends the call when it ends, or a complete answer.
   *
   * @param usage Counts that came beside the result; those in the result itself replace them.
   */
  succeeded(result: unknown, usage?: UnknownRecord): void {
    if (this.#hasResult) return;
    this.#hasResult = true;
    if (usage !== undefined) this.#span.setUsage(usage);
    if (isObservable(result)) {
      this.#span.observe(result, this.#signal === undefined ? {} : { signal: this.#signal });
      return;
    }
    this.#span.recordResponse(result);
    quietly(() => noteRecordedResponse(result));
    this.#span.finish();
  }

  /** The SDK throws. */
  failed(error: unknown): void {
    if (this.#hasResult) return;
    this.#hasResult = true;
    quietly(() => {
      if (isRecord(error)) this.responded(error["status"], error["headers"]);
    });
    const timeout = classifyLLMError(error) === "cancelled" ? timeoutOf(this.#signal) : undefined;
    this.#span.setError(timeout ?? error);
    this.#span.finish();
  }

  /** The application has stopped the call, also while its stream is open. */
  stopped(): void {
    this.#hasResult = true;
    this.#span.setError(new DOMException("The request was aborted.", "AbortError"));
    this.#span.finish();
  }

  /** The application took the answer without its content being read here, or never asked for it. */
  left(endTime?: number): void {
    if (this.#hasResult) return;
    this.#hasResult = true;
    this.#span.finish(endTime);
  }

  /** Further facts for the span. */
  describe(tags: UnknownRecord): void {
    this.#span.setTags(tags);
  }
}

function parameterTags(parameters: ModelRequest["parameters"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [`llm.parameters.${name}`, value]),
  );
}

function isObservable(result: unknown): result is AsyncIterable<unknown> {
  try {
    return (
      isRecord(result) &&
      typeof Reflect.get(result, Symbol.asyncIterator) === "function" &&
      Object.isExtensible(result)
    );
  } catch {
    return false;
  }
}

/** Keeps a fault of ours, or of a foreign object that is read, away from the application. */
export function quietly(observe: () => void): void {
  try {
    observe();
  } catch {
    // What cannot be observed is not; the call itself goes on.
  }
}
