import { channel } from "node:diagnostics_channel";
import type { Span, Tracer } from "dd-trace";
import { tagsWithRoom } from "./tags-with-room.ts";
import { UpperTraceIds } from "./upper-trace-ids.ts";

type Tags = Record<string, unknown>;

/** What dd-trace starts a span with. */
export interface StartOptions {
  tags: Readonly<Tags> | undefined;
}

/** The tracer behind dd-trace's public one. */
interface InnerTracer {
  readonly _config: { readonly tags?: Tags };
  /** Whether it makes trace ids of 128 bits. */
  _traceId128BitGenerationEnabled?: unknown;
  startSpan(name: string, options: object): Span;
}

/** Where dd-trace holds the tags of a span, as far as it is known. */
interface StartedContext {
  _tags?: Tags;
  readonly _parentId?: unknown;
  readonly _trace?: { readonly startTime?: number; readonly tags?: Tags };
  getTags?(): Tags;
}

/** dd-trace decides about a trace by them when it writes them. */
const decidingTags = ["manual.keep", "manual.drop", "sampling.priority"];

/** Whoever listens there sees each change of a span's tags. */
const changes = channel("dd-trace:span:tags:update");

/** Whoever listens there sees a span before it has its tags, and might give it some. */
const starts = channel("dd-trace:span:start");

/**
 * Starts dd-trace's spans.
 *
 * dd-trace writes the tags of its configuration into each span one by one, and looks each of its settings up in a
 * dictionary. Here it is shown a view of its configuration that has no tags and is quick to read, and they are copied
 * as a whole, which V8 does at once. A dd-trace that is not as it is known to be, or that somebody has changed, starts
 * its spans by itself.
 */
export class SpanStarter {
  readonly #tracer: Tracer & { readonly _tracer?: InnerTracer };
  /** As they were when they were last looked at. */
  #inner: InnerTracer | undefined;
  #config: InnerTracer["_config"] | undefined;
  #start: InnerTracer["startSpan"] | undefined;
  #publicStart: unknown;
  /** The inner tracer with a configuration without tags; `undefined` where there can be none. */
  #bare: InnerTracer | undefined;
  #isUsual: boolean | undefined;
  /** Makes the upper halves of trace ids in dd-trace's stead, once it has made one of them as they are known to be. */
  #upperIds: UpperTraceIds | undefined;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** @param options Whose tags are taken over. */
  start(name: string, options: StartOptions): Span {
    return this.#startAny(name, options, false, false);
  }

  /** Starts a span that will have many tags, so that they cost as much each as those of one with few. */
  startWithRoom(name: string, options: StartOptions): Span {
    return this.#startAny(name, options, true, false);
  }

  /** Starts a span whose tags only describe it, so that dd-trace need not look at them. */
  startDescribed(name: string, options: StartOptions, hasManyTags: boolean): Span {
    return this.#startAny(name, options, hasManyTags, !changes.hasSubscribers);
  }

  #startAny(name: string, options: StartOptions, hasManyTags: boolean, isDescribed: boolean): Span {
    const span = this.#startBare(name, options, hasManyTags, isDescribed);
    return span ?? this.#tracer.startSpan(name, options as object);
  }

  /** @returns `undefined` where dd-trace has to start the span by itself. */
  #startBare(
    name: string,
    options: StartOptions,
    hasManyTags: boolean,
    isDescribed: boolean,
  ): Span | undefined {
    const { tags } = options;
    const inner = this.#tracer._tracer;
    if (inner === undefined || starts.hasSubscribers) return undefined;
    // For a tag `service` dd-trace changes others while it starts the span.
    if (!isDescribed && tags?.["service"] !== undefined) return undefined;
    const { _config: config, startSpan: start } = inner;
    const isKnown = inner === this.#inner && config === this.#config && start === this.#start;
    if (!isKnown || this.#tracer.startSpan !== this.#publicStart) this.#look(inner);
    if (this.#bare === undefined) return undefined;
    let span: Span;
    options.tags = undefined;
    try {
      span = start.call(this.#bare, name, options);
    } catch {
      options.tags = tags;
      // It may be the options that dd-trace throws for, which are no reason to give up.
      const own = this.#tracer.startSpan(name, options as object);
      this.#giveUp();
      return own;
    }
    const context = contextOf(span);
    this.#isUsual ??= isUsual(context);
    if (this.#isUsual) {
      giveTags(context, config.tags, hasManyTags);
      if (context._parentId === null) this.#giveUpperId(context, inner);
    } else this.#giveUp(span, config.tags);
    if (isDescribed && this.#isUsual) Object.assign(context._tags as Tags, tags);
    else if (tags !== undefined) span.addTags(tags);
    return span;
  }

  #look(inner: InnerTracer): void {
    const { _config: config, startSpan: start } = inner;
    this.#inner = inner;
    this.#config = config;
    this.#start = start;
    this.#publicStart = this.#tracer.startSpan;
    this.#bare = undefined;
    this.#upperIds = undefined;
    if (this.#isUsual === false || typeof config !== "object" || config === null) return;
    if (Object.hasOwn(this.#tracer, "startSpan") || Object.hasOwn(inner, "startSpan")) return;
    if (decidingTags.some((tag) => config.tags?.[tag] !== undefined)) return;
    this.#bare = Object.create(inner, {
      _config: { value: Object.create(config, { tags: { value: undefined } }) },
      _traceId128BitGenerationEnabled: {
        value: inner._traceId128BitGenerationEnabled,
        writable: true,
      },
      // For those who reach the tracer through a span of it.
      startSpan: { value: (name: string, options: object) => inner.startSpan(name, options) },
    });
  }

  /** Gives the first span of a trace the upper half of its trace id, or looks whether dd-trace has done so as known. */
  #giveUpperId({ _trace: trace }: StartedContext, inner: InnerTracer): void {
    if (inner._traceId128BitGenerationEnabled !== true || this.#bare === undefined) return;
    const { startTime, tags } = trace ?? {};
    if (startTime === undefined || tags === undefined) return;
    if (this.#upperIds !== undefined) tags["_dd.p.tid"] = this.#upperIds.at(startTime);
    else {
      const upperIds = new UpperTraceIds();
      if (tags["_dd.p.tid"] !== upperIds.at(startTime)) return;
      this.#upperIds = upperIds;
      this.#bare._traceId128BitGenerationEnabled = false;
    }
  }

  /** Leaves starting to dd-trace from now on; a span that has been started gets its tags as dd-trace gives them. */
  #giveUp(span?: Span, configured: Tags = {}): void {
    this.#isUsual = false;
    this.#bare = undefined;
    span?.addTags(configured);
  }
}

function contextOf(span: Span): StartedContext {
  return span.context() as StartedContext;
}

/** Whether a span that was started without tags holds its service, and nothing else, where it is looked for. */
function isUsual(context: StartedContext): boolean {
  const { _tags: tags } = context;
  if (typeof tags !== "object" || tags === null) return false;
  return Object.keys(tags).join() === "service.name" && context.getTags?.() === tags;
}

/** Adds the tags of the configuration, which go before dd-trace's own, to a span that has only those. */
function giveTags(
  context: StartedContext,
  configured: Tags | undefined,
  hasManyTags: boolean,
): void {
  const tags: Tags = hasManyTags ? Object.assign(tagsWithRoom(), configured) : { ...configured };
  tags["service.name"] ??= context._tags?.["service.name"];
  context._tags = tags;
}
