import { AsyncLocalStorage } from "node:async_hooks";
import type {
  BackendContext,
  BackendSpan,
  BackendSpanOptions,
  TracerBackend,
} from "./tracer-backend.ts";

const inertContext: BackendContext = {
  toTraceId: (as128Bit) => (as128Bit === true ? "0".repeat(32) : "0"),
  toSpanId: (asHex) => (asHex === true ? "0".repeat(16) : "0"),
};

class InertSpan implements BackendSpan {
  readonly #tags = new Map<string, unknown>();

  setTag(key: string, value: unknown): void {
    this.#tags.set(key, value);
  }

  addTags(tags: Record<string, unknown>): void {
    for (const [key, value] of Object.entries(tags)) this.#tags.set(key, value);
  }

  tag(key: string): unknown {
    return this.#tags.get(key);
  }

  context(): BackendContext {
    return inertContext;
  }

  finish(): void {}
}

function startInert({ tags }: BackendSpanOptions): InertSpan {
  const span = new InertSpan();
  span.addTags(tags ?? {});
  return span;
}

/** So that code that uses the active span finds one, whether tracing is on or off. */
const activeSpan = new AsyncLocalStorage<BackendSpan>();

/** The backend where tracing is off or dd-trace is absent: spans can be used and go nowhere. */
export const inertBackend: TracerBackend = {
  llmobsEnabled: false,
  startSpan: (_name, options) => startInert(options),
  startObservedSpan: (_name, options) => ({ span: startInert(options), scope: undefined }),
  activeSpan: () => activeSpan.getStore(),
  activate: (span, fn, argument) => activeSpan.run(span, fn, argument),
  readTag: (span, key) => (span instanceof InertSpan ? span.tag(key) : undefined),
  addEvent: () => {},
  addLink: () => {},
  setBaggageItem: () => {},
  setSamplingPriority: () => {},
  inject: () => ({}),
  extract: () => undefined,
  samplingDecision: () => ({ priority: undefined, mechanism: undefined }),
  describe: () => ({
    samplingPriority: undefined,
    samplingRate: undefined,
    origin: undefined,
    tags: {},
    baggage: {},
  }),
  annotate: () => {},
  flush: async () => true,
  linkHealth: () => undefined,
};
