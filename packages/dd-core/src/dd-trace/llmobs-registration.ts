import type { Tracer } from "dd-trace";
import type { LLMObservabilitySpanOptions } from "../span/span.ts";
import { internalModule } from "./internal-module.ts";
import { countsForTelemetry } from "./llmobs-telemetry.ts";
import type { BackendSpan, CapturedScope } from "./tracer-backend.ts";
import { callMethod, readPath } from "./untyped.ts";

/** What dd-trace keeps for LLM Observability about the running code. */
interface Store {
  /** The nearest span that is observed. */
  readonly span?: BackendSpan;
  /** What the application has said with `llmobs.annotationContext`. */
  readonly annotationContext?: object;
}

interface Storage {
  getStore(): Store | undefined;
  run<T>(store: Store, fn: () => T): T;
}

/** How dd-trace's integrations make a span known to LLM Observability. */
interface Tagger {
  registerLLMObsSpan(span: BackendSpan, description: object): void;
}

/**
 * Makes spans known to LLM Observability as dd-trace's own integrations do. By `llmobs.trace` each span would be
 * activated twice, counted for a telemetry that nobody sends, and keep a copy of its asynchronous context, which
 * survives all but full collections.
 */
export class LLMObservabilityRegistration {
  readonly #tagger: Tagger;
  readonly #storage: Storage;

  private constructor(tagger: Tagger, storage: Storage) {
    this.#tagger = tagger;
    this.#storage = storage;
  }

  /** @returns `undefined` where this dd-trace has not the parts, or counts spans for its telemetry. */
  static of(tracer: Tracer): LLMObservabilityRegistration | undefined {
    if (countsForTelemetry(tracer)) return undefined;
    const tagger = readPath(tracer, "llmobs", "_tagger");
    const storage = callMethod(internalModule("datadog-core"), "storage", "llmobs");
    const isKnown =
      typeof readPath(tagger, "registerLLMObsSpan") === "function" &&
      typeof readPath(storage, "getStore") === "function" &&
      typeof readPath(storage, "run") === "function";
    return isKnown
      ? new LLMObservabilityRegistration(tagger as Tagger, storage as Storage)
      : undefined;
  }

  /**
   * Whether the running code is in no `llmobs.annotationContext`, whose name would take the place of the span's. Where
   * it is in one, the span is to be started by `llmobs.trace`.
   */
  get isApplicable(): boolean {
    return this.#storage.getStore()?.annotationContext === undefined;
  }

  /**
   * Makes a span known, below the one that is observed already.
   *
   * @returns The scope for what is below the span.
   * @throws What dd-trace throws where it refuses the span.
   */
  register(
    span: BackendSpan,
    name: string,
    { name: shownName = name, ...observed }: LLMObservabilitySpanOptions,
  ): CapturedScope {
    const storage = this.#storage;
    const store = storage.getStore();
    this.#tagger.registerLLMObsSpan(span, { ...observed, name: shownName, parent: store?.span });
    return (fn) => storage.run({ ...store, span }, fn);
  }
}
