import type { BackendLink, BackendSpan } from "@llmdevops/dd-core/backend";
import type { MemoryContext } from "./memory-context.ts";
import type { MemoryObservation } from "./memory-observation.ts";
import type { MockSpan, MockSpanEvent, MockSpanLink, MockTagValue } from "./mock-span.ts";
import type { Clock } from "./test-clock.ts";

/** What a span in memory is made of. */
export interface MemorySpanParts {
  readonly name: string;
  readonly parentId: string;
  readonly startTime: number;
  readonly service: string;
  readonly context: MemoryContext;
  readonly observation: MemoryObservation | undefined;
  readonly clock: Clock;
  readonly onFinish: (span: MemorySpan) => void;
}

/** Tags that dd-trace turns into fields of the span or into a decision. */
const fieldTags: readonly string[] = [
  "service.name",
  "resource.name",
  "span.type",
  "operation.name",
  "manual.keep",
];

/** A span of the tracer in memory. */
export class MemorySpan implements BackendSpan {
  readonly #parts: MemorySpanParts;
  readonly #tags = new Map<string, unknown>();
  readonly #events: MockSpanEvent[] = [];
  readonly #links: MockSpanLink[] = [];
  #durationMs = 0;

  constructor(parts: MemorySpanParts, tags: Readonly<Record<string, unknown>>) {
    this.#parts = parts;
    this.addTags(tags);
  }

  get name(): string {
    return this.#parts.name;
  }

  get observation(): MemoryObservation | undefined {
    return this.#parts.observation;
  }

  context(): MemoryContext {
    return this.#parts.context;
  }

  tag(key: string): unknown {
    return this.#tags.get(key);
  }

  setTag(key: string, value: unknown): void {
    this.#tags.set(key, value);
  }

  addTags(tags: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of Object.entries(tags)) this.#tags.set(key, value);
  }

  addEvent(
    name: string,
    attributes: Record<string, unknown>,
    time: number = this.#parts.clock.now(),
  ): void {
    this.#events.push({ name, attributes, time });
  }

  addLink({ context, attributes }: BackendLink): void {
    this.#links.push({
      traceIdHex: context.toTraceId(true),
      spanId: context.toSpanId(),
      attributes,
    });
  }

  finish(time: number = this.#parts.clock.now()): void {
    // As dd-trace does: a span never ends before it began.
    this.#durationMs = Math.max(0, time - this.#parts.startTime);
    this.#parts.onFinish(this);
  }

  /** The span as a test sees it. */
  snapshot(): MockSpan {
    const { name, parentId, startTime, service, context, observation } = this.#parts;
    const text = (key: string, fallback: string): string => {
      const value = this.#tags.get(key);
      return value === undefined ? fallback : String(value);
    };
    const tags = [...this.#tags].filter(([key]) => !fieldTags.includes(key));
    const error = this.#tags.get("error");
    return {
      name,
      service: text("service.name", service),
      resource: text("resource.name", name),
      type: text("span.type", ""),
      traceId: context.traceId,
      traceIdHex: context.traceIdHex,
      spanId: context.spanId,
      parentId,
      startTime,
      durationMs: this.#durationMs,
      error: error !== undefined && error !== false && error !== 0 && error !== "false",
      tags: Object.fromEntries(tags) as Record<string, MockTagValue>,
      events: [...this.#events],
      links: [...this.#links],
      samplingPriority: context.trace.priority ?? 1,
      ...(observation === undefined ? {} : { llmobs: observation.snapshot() }),
    };
  }
}
