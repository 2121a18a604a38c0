import type {
  BackendContext,
  BackendSpan,
  CapturedScope,
  TracerBackend,
} from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { describeError } from "../guard/error-description.ts";
import { safeEntries, type TagGuard } from "../guard/tag-guard.ts";
import type { Span, SpanAttributes } from "./span.ts";
import type { SpanAccounting } from "./span-accounting.ts";
import type { SpanContext } from "./span-context.ts";
import { undecorated } from "./span-decorator.ts";
import type { SpanTimeouts } from "./span-timeouts.ts";

/** What every span of one client shares. */
export interface SpanEnvironment {
  readonly backend: TracerBackend;
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
  readonly accounting: SpanAccounting;
  readonly timeouts: SpanTimeouts;
  readonly contextOf: (backend: BackendContext) => SpanContext;
  readonly backendContextOf: (context: SpanContext) => BackendContext | undefined;
}

/** A span on the tracer underneath. */
export class TracedSpan implements Span {
  readonly name: string;
  /** The span of the tracer underneath. */
  readonly backendSpan: BackendSpan;
  /** Where LLM Observability finds its parent; see {@link CapturedScope}. */
  readonly scope: CapturedScope | undefined;
  readonly #environment: SpanEnvironment;
  #onFinish: ((span: Span) => void) | undefined;
  #context: SpanContext | undefined;
  #state: "open" | "finishing" | "finished" = "open";

  constructor(
    environment: SpanEnvironment,
    name: string,
    backendSpan: BackendSpan,
    scope: CapturedScope | undefined,
    onFinish: ((span: Span) => void) | undefined,
  ) {
    this.#environment = environment;
    this.name = name;
    this.backendSpan = backendSpan;
    this.scope = scope;
    this.#onFinish = onFinish;
  }

  get traceId(): string {
    return this.backendSpan.context().toTraceId();
  }

  get spanId(): string {
    return this.backendSpan.context().toSpanId();
  }

  get finished(): boolean {
    return this.#state === "finished";
  }

  context(): SpanContext {
    this.#context ??= this.#environment.contextOf(this.backendSpan.context());
    return this.#context;
  }

  setTag(key: string, value: unknown): this {
    if (this.#refusesChange()) return this;
    if (key === "error" && typeof value === "object" && value !== null) return this.setError(value);
    const { guard } = this.#environment;
    const guarded = guard.value(key, value);
    if (guarded !== undefined) this.backendSpan.setTag(guard.key(key), guarded);
    return this;
  }

  setTags(tags: Readonly<Record<string, unknown>>): this {
    if (typeof tags !== "object" || tags === null) return this;
    for (const [key, value] of safeEntries(tags)) this.setTag(key, value);
    return this;
  }

  getTag(key: string): string | number | boolean | undefined {
    const value = this.#environment.backend.readTag(this.backendSpan, key);
    const isScalar =
      typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return isScalar ? value : undefined;
  }

  setError(error: unknown, options?: { readonly handled?: boolean }): this {
    if (this.#refusesChange()) return this;
    const { type, message, stack } = describeError(error, this.#environment.guard);
    if (options?.handled === true) {
      return this.addEvent("exception", {
        "exception.type": type,
        "exception.message": message,
        ...(stack === undefined ? {} : { "exception.stacktrace": stack }),
        "exception.escaped": false,
      });
    }
    this.backendSpan.addTags({
      error: true,
      "error.type": type,
      "error.message": message,
      ...(stack === undefined ? {} : { "error.stack": stack }),
    });
    return this;
  }

  addEvent(name: string, attributes?: SpanAttributes, time?: number): this {
    if (this.#refusesChange()) return this;
    const { backend, guard } = this.#environment;
    backend.addEvent(
      this.backendSpan,
      guard.text(String(name)),
      guard.attributes(attributes),
      time,
    );
    return this;
  }

  addLink(context: SpanContext | Span, attributes?: SpanAttributes): this {
    if (this.#refusesChange()) return this;
    const { backend, guard, diagnostics } = this.#environment;
    const linked = backendContextOf(context, this.#environment);
    if (linked === undefined) diagnostics.count("invalid_link");
    else {
      backend.addLink(this.backendSpan, {
        context: linked,
        attributes: guard.attributes(attributes),
      });
    }
    return this;
  }

  finish(endTime?: number): void {
    if (this.#state !== "open") {
      this.#environment.diagnostics.count("span_finished_twice");
      return;
    }
    // The hook may still set tags, and may call finish() itself.
    this.#state = "finishing";
    const hook = this.#onFinish;
    this.#onFinish = undefined;
    try {
      hook?.(this);
    } catch {
      this.#environment.diagnostics.count("span_finish_hook_threw");
    }
    this.#state = "finished";
    this.#environment.timeouts.forget(this);
    this.#environment.accounting.spanFinished();
    this.backendSpan.finish(endTime);
  }

  #refusesChange(): boolean {
    if (this.#state !== "finished") return false;
    this.#environment.diagnostics.count("span_changed_after_finish");
    return true;
  }
}

/** The tracer's own context for a span or a context, whoever made it. */
export function backendContextOf(
  target: SpanContext | Span,
  environment: SpanEnvironment,
): BackendContext | undefined {
  const span = undecorated(target);
  if (span instanceof TracedSpan) return span.backendSpan.context();
  return environment.backendContextOf(target as SpanContext);
}
