import type { QueuedPayload } from "./payload.ts";
import { dropOldestTraces } from "./trace-payload.ts";

/** How much may wait. */
export interface BufferLimits {
  /** Most spans, events and evaluations together. */
  readonly maxSpans: number;
  /** Most bytes of encoded payloads. */
  readonly maxBytes: number;
}

/** Payloads that wait for an attempt, oldest first, within a number of spans and of bytes. */
export class PayloadBuffer {
  readonly #limits: BufferLimits;
  readonly #onDrop: (payload: QueuedPayload, items: number) => void;
  readonly #waiting: QueuedPayload[] = [];
  #items = 0;
  #bytes = 0;

  /** @param onDrop Told how many items of a payload had to go. */
  constructor(limits: BufferLimits, onDrop: (payload: QueuedPayload, items: number) => void) {
    this.#limits = limits;
    this.#onDrop = onDrop;
  }

  /** Payloads that wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Spans, events and evaluations that wait. */
  get items(): number {
    return this.#items;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a payload at its place in the order; {@link trim} enforces the limits. */
  add(payload: QueuedPayload): void {
    let index = this.#waiting.length;
    while (index > 0 && (this.#waiting[index - 1]?.sequence ?? 0) > payload.sequence) index -= 1;
    this.#waiting.splice(index, 0, payload);
    this.#items += payload.items;
    this.#bytes += payload.body.length;
  }

  /** Takes the oldest payload. */
  shift(): QueuedPayload | undefined {
    const payload = this.#waiting.shift();
    if (payload !== undefined) this.#forget(payload);
    return payload;
  }

  /** Takes the oldest of those that have been tried least, so that one that is never taken holds up no other. */
  next(): QueuedPayload | undefined {
    let best: QueuedPayload | undefined;
    for (const payload of this.#waiting) {
      if (best === undefined || payload.history.tries < best.history.tries) best = payload;
    }
    if (best === undefined) return undefined;
    this.#waiting.splice(this.#waiting.indexOf(best), 1);
    this.#forget(best);
    return best;
  }

  /** Takes everything, oldest first. */
  takeAll(): QueuedPayload[] {
    this.#items = 0;
    this.#bytes = 0;
    return this.#waiting.splice(0);
  }

  /** The lowest sequence that waits, or infinity. */
  oldest(): number {
    return this.#waiting[0]?.sequence ?? Number.POSITIVE_INFINITY;
  }

  /** Lets the oldest go until the limits hold; of a trace payload only as many traces as it takes. */
  trim(): void {
    for (;;) {
      const excessItems = this.#items - this.#limits.maxSpans;
      const excessBytes = this.#bytes - this.#limits.maxBytes;
      if (excessItems <= 0 && excessBytes <= 0) return;
      const payload = this.shift();
      if (payload === undefined) return;
      const rest = withoutOldest(payload, excessItems, excessBytes);
      this.#onDrop(payload, payload.items - (rest?.items ?? 0));
      if (rest !== undefined) this.add(rest);
    }
  }

  #forget(payload: QueuedPayload): void {
    this.#items -= payload.items;
    this.#bytes -= payload.body.length;
  }
}

function withoutOldest(
  payload: QueuedPayload,
  excessItems: number,
  excessBytes: number,
): QueuedPayload | undefined {
  if (payload.kind !== "traces" || !payload.route.path.startsWith("/v0.4/")) return undefined;
  if (excessItems >= payload.items || excessBytes >= payload.body.length) return undefined;
  const rest = dropOldestTraces(payload.body, excessItems, excessBytes);
  if (rest === undefined || rest.spansDropped >= payload.items) return undefined;
  return {
    ...payload,
    body: rest.body,
    items: payload.items - rest.spansDropped,
    route: {
      ...payload.route,
      headers: { ...payload.route.headers, "X-Datadog-Trace-Count": String(rest.traces) },
    },
  };
}
