import type { BackendContext, BackendSpan, TracerBackend } from "./tracer-backend.ts";

const inertContext: BackendContext = {
  toTraceId: (as128Bit) => (as128Bit === true ? "0".repeat(32) : "0"),
  toSpanId: () => "0",
};

class InertSpan implements BackendSpan {
  readonly #tags: Record<string, unknown> = {};

  setTag(key: string, value: unknown): void {
    this.#tags[key] = value;
  }

  addTags(tags: Record<string, unknown>): void {
    Object.assign(this.#tags, tags);
  }

  tag(key: string): unknown {
    return this.#tags[key];
  }

  context(): BackendContext {
    return inertContext;
  }

  finish(): void {}
}

/** The backend where tracing is off or dd-trace is absent: spans can be used and go nowhere. */
export const inertBackend: TracerBackend = {
  llmobsEnabled: false,
  startSpan: ({ tags }) => {
    const span = new InertSpan();
    span.addTags(tags);
    return { span, scope: undefined };
  },
  activeSpan: () => undefined,
  activate: (_span, fn) => fn(),
  readTag: (span, key) => (span instanceof InertSpan ? span.tag(key) : undefined),
  addEvent: () => {},
  addLink: () => {},
  inject: () => ({}),
  extract: () => undefined,
  describe: () => ({ samplingPriority: undefined, origin: undefined, tags: {}, baggage: {} }),
  annotate: () => {},
  exportSpan: () => undefined,
  flush: async () => true,
};
