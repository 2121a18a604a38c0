import type { LLMObservabilitySpanOptions } from "@llmdevops/dd-core";
import type { BackendAnnotation } from "@llmdevops/dd-core/backend";
import type { MockLlmobsSpan } from "./mock-span.ts";

/** Where an LLM Observability span hangs. */
export interface ObservationParent {
  readonly spanId: string;
  readonly traceId: string;
  readonly mlApp: string | undefined;
  readonly sessionId: string | undefined;
}

/** One LLM Observability span of the tracer in memory. */
export class MemoryObservation implements ObservationParent {
  readonly spanId: string;
  readonly traceId: string;
  readonly mlApp: string;
  readonly sessionId: string | undefined;
  readonly #options: LLMObservabilitySpanOptions;
  readonly #name: string;
  readonly #parentId: string;
  #input: unknown;
  #output: unknown;
  readonly #metadata: Record<string, unknown> = {};
  readonly #metrics: Record<string, number> = {};
  readonly #tags: Record<string, unknown> = {};

  constructor(
    options: LLMObservabilitySpanOptions,
    span: { readonly name: string; readonly spanId: string; readonly mlApp: string },
    parent: ObservationParent | undefined,
    newTraceId: () => string,
  ) {
    this.#options = options;
    this.#name = options.name ?? span.name;
    this.#parentId = parent?.spanId ?? "undefined";
    this.spanId = span.spanId;
    this.traceId = parent?.traceId ?? newTraceId();
    this.mlApp = options.mlApp ?? parent?.mlApp ?? span.mlApp;
    this.sessionId = options.sessionId ?? parent?.sessionId;
  }

  /** @throws TypeError for messages of a model call that dd-trace refuses. */
  annotate(annotation: BackendAnnotation): void {
    const { inputData, outputData, metadata, metrics, tags } = annotation;
    if (inputData !== undefined) this.#input = this.#checked(inputData);
    if (outputData !== undefined) this.#output = this.#checked(outputData);
    Object.assign(this.#metadata, metadata);
    Object.assign(this.#metrics, metrics);
    Object.assign(this.#tags, tags);
  }

  snapshot(): MockLlmobsSpan {
    const { kind, modelName, modelProvider } = this.#options;
    return {
      kind,
      name: this.#name,
      spanId: this.spanId,
      parentId: this.#parentId,
      mlApp: this.mlApp,
      ...(modelName === undefined ? {} : { modelName }),
      ...(modelProvider === undefined ? {} : { modelProvider: modelProvider.toLowerCase() }),
      ...(this.sessionId === undefined ? {} : { sessionId: this.sessionId }),
      ...(this.#input === undefined ? {} : { input: this.#input }),
      ...(this.#output === undefined ? {} : { output: this.#output }),
      metadata: { ...this.#metadata },
      metrics: { ...this.#metrics },
      tags: { ...this.#tags },
    };
  }

  #checked(data: unknown): unknown {
    if (this.#options.kind !== "llm") return data;
    const messages = Array.isArray(data) ? data : [data];
    return messages.map((message) => {
      if (typeof message === "string") return { role: "", content: message };
      if (typeof message !== "object" || message === null) {
        throw new TypeError("a message must be text or an object");
      }
      const { content } = message as { content?: unknown };
      if (content !== undefined && typeof content !== "string") {
        throw new TypeError("the content of a message must be text");
      }
      return message;
    });
  }
}
