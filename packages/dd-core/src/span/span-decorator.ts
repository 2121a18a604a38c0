import { safeRead } from "../guard/safe-read.ts";
import type { Span, SpanAttributes } from "./span.ts";
import type { SpanContext } from "./span-context.ts";

const target = Symbol.for("@llmdevops/dd-core/span-target/1");
const maximumDepth = 8;

/**
 * Base for spans that add behaviour of their own, such as LLM and agent spans: everything is passed on to the
 * span underneath, and the tracer accepts the decorated span wherever it accepts the plain one. Spans may be
 * decorated eight times over.
 *
 * @example
 * ```ts
 * class TicketSpan extends SpanDecorator {
 *   setChannel(channel: "email" | "chat"): this {
 *     return this.setTag("ticket.channel", channel);
 *   }
 * }
 * ```
 */
export class SpanDecorator implements Span {
  readonly #span: Span;

  static {
    // Found by `undecorated`, also by that of another copy of this package. On the prototype: a property defined on
    // each span would cost several times what the rest of it does.
    Object.defineProperty(SpanDecorator.prototype, target, {
      get(this: SpanDecorator): Span {
        return this.#span;
      },
    });
  }

  /** Wraps a span; what the subclass does not override is the span's own. */
  constructor(span: Span) {
    this.#span = span;
  }

  get name(): string {
    return this.#span.name;
  }

  get traceId(): string {
    return this.#span.traceId;
  }

  get spanId(): string {
    return this.#span.spanId;
  }

  get finished(): boolean {
    return this.#span.finished;
  }

  context(): SpanContext {
    return this.#span.context();
  }

  setTag(key: string, value: unknown): this {
    this.#span.setTag(key, value);
    return this;
  }

  setTags(tags: Readonly<Record<string, unknown>>): this {
    this.#span.setTags(tags);
    return this;
  }

  getTag(key: string): string | number | boolean | undefined {
    return this.#span.getTag(key);
  }

  setError(error: unknown, options?: { readonly handled?: boolean }): this {
    this.#span.setError(error, options);
    return this;
  }

  addEvent(name: string, attributes?: SpanAttributes, time?: number): this {
    this.#span.addEvent(name, attributes, time);
    return this;
  }

  addLink(context: SpanContext | Span, attributes?: SpanAttributes): this {
    this.#span.addLink(context, attributes);
    return this;
  }

  finish(endTime?: number): void {
    this.#span.finish(endTime);
  }
}

/** The span underneath all decorators; what is no object is returned as it is. */
export function undecorated(span: unknown): unknown {
  let current = span;
  for (let depth = 0; depth < maximumDepth; depth += 1) {
    const next = safeRead(current, target);
    if (typeof next !== "object" || next === null) return current;
    current = next;
  }
  return current;
}
