import type { WireSpan } from "./wire-span.ts";

/** What v0.7 and v1.0 say once for the spans of a chunk. */
export interface TraceChunk {
  readonly spans: readonly WireSpan[];
  readonly priority?: number | undefined;
  readonly origin?: string | undefined;
  /** Tags of the whole trace, such as `_dd.p.dm`. */
  readonly tags?: ReadonlyMap<string, string | number>;
  /** Environment and version of the tracer that sent it. */
  readonly env?: string | undefined;
  readonly version?: string | undefined;
}

/**
 * Writes what a chunk says once where v0.4 has it, so that a test reads every version alike: priority
 * and tags on the first span, origin, environment and version on each. A span's own tags win.
 */
export function spreadChunk(chunk: TraceChunk): readonly WireSpan[] {
  return chunk.spans.map((span, index) => {
    const meta = new Map<string, string>();
    const metrics = new Map<string, number>();
    const texts = { "_dd.origin": chunk.origin, env: chunk.env, version: chunk.version };
    for (const [key, value] of Object.entries(texts)) if (value) meta.set(key, value);
    if (index === 0) {
      if (chunk.priority !== undefined) metrics.set("_sampling_priority_v1", chunk.priority);
      for (const [key, value] of chunk.tags ?? []) {
        if (typeof value === "number") metrics.set(key, value);
        else meta.set(key, value);
      }
    }
    for (const [key, value] of span.meta) meta.set(key, value);
    for (const [key, value] of span.metrics) metrics.set(key, value);
    return { ...span, meta, metrics };
  });
}
