import type {
  BackendContext,
  BackendSpan,
  CapturedScope,
  SamplingDecision,
} from "../dd-trace/tracer-backend.ts";
import { describeError } from "../guard/error-description.ts";
import { guardedContext } from "../guard/guarded-context.ts";
import { safeEntries, safeRead, safeText } from "../guard/safe-read.ts";
import { type CopyTags, guardedCopy, maximumTags } from "./guarded-tags.ts";
import type { ListedSpan, Segment } from "./open-spans.ts";
import type { Span, SpanAttributes } from "./span.ts";
import type { SpanContext } from "./span-context.ts";
import { undecorated } from "./span-decorator.ts";
import type { SpanEnvironment } from "./span-environment.ts";
import { validTime } from "./span-time.ts";

/** OpenTelemetry's limits (https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits). */
const maximumEvents = 128;
/** From the start, and as many that are added. */
export const maximumLinks = 128;

/** Tags that come later, too, are many in few shapes. */
const copyOfLater: CopyTags = (given) => ({ ...given });

/** Where the tracer's span holds ours: a weak map of all spans would cost more than the spans do. */
const ownSpan: unique symbol = Symbol("TracedSpan");

interface TrackedSpan extends BackendSpan {
  [ownSpan]?: TracedSpan;
}

/** The span of this package on the active span of the tracer; `undefined` for one that somebody else started. */
export function tracedSpanOf(backendSpan: BackendSpan): TracedSpan | undefined {
  return (backendSpan as TrackedSpan)[ownSpan];
}

/** For whom a span of this copy of the package works, as `SpanOptions.owner` of it or of a span above it says. */
export function spanOwner(span: Span | undefined): object | undefined {
  return TracedSpan.of(span)?.owner;
}

/**
 * The baggage of a span, without the rest of its context, which takes longer to be written out.
 *
 * @returns `undefined` for what is no span, or a foreign one that cannot be read. Never throws.
 */
export function spanBaggage(span: Span): Readonly<Record<string, string>> | undefined {
  try {
    const target = TracedSpan.of(span);
    return target === undefined ? span.context().baggage : target.baggage;
  } catch {
    return undefined;
  }
}

/** A span on the tracer underneath. */
export class TracedSpan implements Span, ListedSpan<TracedSpan> {
  readonly name: string;
  /** The span of the tracer underneath. */
  readonly backendSpan: BackendSpan;
  /** Where LLM Observability finds its parent; see {@link CapturedScope}. */
  readonly scope: CapturedScope | undefined;
  /** The context from another process that the local trace goes on from. */
  readonly remote: SpanContext | undefined;
  /** For whom it works; the spans below it take that over. */
  readonly owner: object | undefined;
  /** What was last written into a carrier for this span, and the decision that it was written with. */
  injection: { readonly decision: SamplingDecision; readonly context: SpanContext } | undefined;
  segment: Segment<TracedSpan> | undefined;
  place = 0;
  readonly #environment: SpanEnvironment;
  #onFinish: ((span: Span) => unknown) | undefined;
  #context: SpanContext | undefined;
  #tags = 0;
  #events = 0;
  #links = 0;
  #state: "open" | "finishing" | "finished" = "open";

  constructor(
    environment: SpanEnvironment,
    name: string,
    backendSpan: BackendSpan,
    scope: CapturedScope | undefined,
    remote: SpanContext | undefined,
    onFinish: ((span: Span) => unknown) | undefined,
    owner: object | undefined,
  ) {
    this.#environment = environment;
    this.name = name;
    this.backendSpan = backendSpan;
    this.scope = scope;
    this.remote = remote;
    this.#onFinish = onFinish;
    this.owner = owner;
  }

  /** The traced span underneath all decorators of a value, if it is one of this copy of the package. */
  static of(value: unknown): TracedSpan | undefined {
    // A brand check rather than `instanceof`, which a proxy can make throw.
    if (typeof value === "object" && value !== null && #state in value) return value;
    const span = undecorated(value);
    return typeof span === "object" && span !== null && #state in span ? span : undefined;
  }

  /** Runs `fn` with the span active, also after its awaits. */
  activate<A, T>(fn: (argument: A) => T, argument: A): T {
    // Only an active span is ever looked up, and a further property on every span would cost a tenth of its start.
    (this.backendSpan as TrackedSpan)[ownSpan] = this;
    return this.#environment.backend.activate(this.backendSpan, fn, argument);
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

  /** What travels with it; as in its context. */
  get baggage(): Readonly<Record<string, string>> {
    return this.#environment.backend.describe(this.backendSpan.context()).baggage;
  }

  context(): SpanContext {
    if (this.#context !== undefined) return this.#context;
    const context = this.#environment.contextOf(this.backendSpan.context(), this.remote);
    // The sampling decision is often taken later; until then the context is still to be completed.
    if (context.samplingPriority !== undefined) this.#context = context;
    return context;
  }

  setTag(key: string, value: unknown): this {
    if (key === "error" && typeof value === "object" && value !== null) return this.setError(value);
    if (this.#refusesChange()) return this;
    const { guard, sampling, diagnostics } = this.#environment;
    this.#tags += 1;
    try {
      if (this.#tags > maximumTags && this.getTag(key) === undefined) {
        diagnostics.count("span_tags_over_limit");
        return this;
      }
      guard.setTag(this.backendSpan, key, value);
      if (key === "error" && value === true) sampling.failed(this.backendSpan);
    } catch {
      diagnostics.count("span_change_failed");
    }
    return this;
  }

  setTags(tags: Readonly<Record<string, unknown>>): this {
    if (this.#state === "finished" || !this.#addTags(tags)) {
      for (const [key, value] of safeEntries(tags)) this.setTag(key, value);
    }
    return this;
  }

  getTag(key: string): string | number | boolean | undefined {
    const { backend, guard } = this.#environment;
    const value = backend.readTag(this.backendSpan, guard.key(key));
    const isScalar =
      typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return isScalar ? value : undefined;
  }

  setError(error: unknown, options?: { readonly handled?: boolean }): this {
    const { type, message, stack } = describeError(error, this.#environment.guard);
    if (safeRead(options, "handled") === true) {
      return this.addEvent("exception", {
        "exception.type": type,
        "exception.message": message,
        "exception.stacktrace": stack,
        "exception.escaped": false,
      });
    }
    return this.#change(() => {
      this.backendSpan.addTags({
        error: true,
        "error.type": type,
        "error.message": message,
        ...(stack === undefined ? {} : { "error.stack": stack }),
      });
      this.#environment.sampling.failed(this.backendSpan);
    });
  }

  addEvent(name: string, attributes?: SpanAttributes, time?: number): this {
    return this.#change(() => {
      const { backend, guard, diagnostics } = this.#environment;
      if (this.#events >= maximumEvents) return diagnostics.count("span_events_over_limit");
      this.#events += 1;
      backend.addEvent(
        this.backendSpan,
        guard.text(safeText(name)),
        guard.attributes(attributes),
        validTime(time, diagnostics),
      );
    });
  }

  addLink(context: SpanContext | Span, attributes?: SpanAttributes): this {
    return this.#change(() => {
      const { backend, guard, diagnostics } = this.#environment;
      if (this.#links >= maximumLinks) return diagnostics.count("span_links_over_limit");
      const linked = backendContextOf(context, this.#environment);
      if (linked === undefined) return diagnostics.count("invalid_link");
      this.#links += 1;
      backend.addLink(this.backendSpan, {
        context: linked,
        attributes: guard.attributes(attributes),
      });
    });
  }

  finish(endTime?: number): void {
    const { diagnostics, timeouts, openSpans, accounting } = this.#environment;
    if (this.#state !== "open") {
      diagnostics.count("span_finished_twice");
      return;
    }
    // The hook may still set tags, and may call finish() itself.
    this.#state = "finishing";
    this.#runHook();
    this.#state = "finished";
    timeouts.forget(this);
    openSpans.remove(this);
    accounting.spanFinished();
    if (diagnostics.isDetailed) diagnostics.debug(() => `Span ${this.spanId} finished.`);
    try {
      this.backendSpan.finish(validTime(endTime, diagnostics));
    } catch {
      diagnostics.count("span_finish_failed");
    }
  }

  /** Adds tags at once, where each of them may stay as it is. @returns `false` where they must be looked at one by one. */
  #addTags(given: Readonly<Record<string, unknown>>): boolean {
    if (typeof given !== "object" || given === null) return false;
    const room = Math.max(0, maximumTags - this.#tags);
    const copy = guardedCopy(this.#environment.guard, given, room, copyOfLater);
    // What has failed is kept, which dd-trace knows nothing of.
    if (copy === undefined || "error" in copy.tags) return false;
    const { tags } = copy;
    for (const _ in tags) this.#tags += 1;
    try {
      this.backendSpan.addTags(tags);
    } catch {
      this.#environment.diagnostics.count("span_change_failed");
    }
    return true;
  }

  #runHook(): void {
    const hook = this.#onFinish;
    if (hook === undefined) return;
    this.#onFinish = undefined;
    const threw = () => this.#environment.diagnostics.count("span_finish_hook_threw");
    try {
      const result = hook(this);
      if (result instanceof Promise) result.catch(threw);
    } catch {
      threw();
    }
  }

  /** Runs a change while the span may still be changed; what the tracer underneath throws stays here. */
  #change(change: () => void): this {
    if (this.#refusesChange()) return this;
    try {
      change();
    } catch {
      this.#environment.diagnostics.count("span_change_failed");
    }
    return this;
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
  const span = TracedSpan.of(target);
  return span === undefined
    ? environment.backendContextOf(guardedContext(target, environment.guard))
    : span.backendSpan.context();
}
