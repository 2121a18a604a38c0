import type { MemorySpanListener } from "./memory-backend.ts";
import type { MemorySpan } from "./memory-span.ts";
import type { MockDatadogExporter } from "./mock-datadog-exporter.ts";

/** Far more than a test leaves open; beyond it the oldest are no longer followed. */
const maximumOpenSpans = 50_000;

/** Follows spans from their start to their end, and hands those that end to the exporter. */
export class OpenSpans implements MemorySpanListener {
  readonly #exporter: MockDatadogExporter;
  readonly #open = new Map<MemorySpan, number>();
  #started = 0;

  constructor(exporter: MockDatadogExporter) {
    this.#exporter = exporter;
  }

  spanStarted(span: MemorySpan): void {
    this.#open.set(span, this.#started);
    this.#started += 1;
    if (this.#open.size <= maximumOpenSpans) return;
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      break;
    }
  }

  /** A span that was open at a reset is not of this test any more. */
  spanFinished(span: MemorySpan): void {
    const sequence = this.#open.get(span);
    if (sequence === undefined) return;
    this.#open.delete(span);
    this.#exporter.exportSpan(span.snapshot(), sequence);
  }

  names(): string[] {
    return [...this.#open.keys()].map(({ name }) => name);
  }

  reset(): void {
    this.#open.clear();
  }
}
