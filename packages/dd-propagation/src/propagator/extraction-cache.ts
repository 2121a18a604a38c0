import type { SpanContext } from "../context/span-context.ts";

/** Values longer than this together are not worth their memory. */
const longestEntry = 4_096;

interface Entry {
  readonly values: readonly (string | undefined)[];
  readonly context: SpanContext;
}

/**
 * Remembers contexts by the header values they were read from.
 *
 * A lookup compares every value, so a carrier that has changed in any of them is read anew; contexts are
 * frozen, so one can be handed out many times. The oldest entry makes room for a new one.
 */
export class ExtractionCache {
  readonly #entries = new Map<string, Entry>();
  readonly #size: number;

  /** @param size How many contexts are remembered at most; 0 remembers none. */
  constructor(size: number) {
    this.#size = size;
  }

  get(values: readonly (string | undefined)[]): SpanContext | undefined {
    const entry = this.#entries.get(keyOf(values));
    return entry !== undefined && isEqual(entry.values, values) ? entry.context : undefined;
  }

  set(values: readonly (string | undefined)[], context: SpanContext): void {
    if (this.#size === 0 || lengthOf(values) > longestEntry) return;
    const key = keyOf(values);
    if (this.#entries.size >= this.#size && !this.#entries.has(key)) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { values, context });
  }
}

/** The first value present: every format has one that identifies the trace. */
function keyOf(values: readonly (string | undefined)[]): string {
  return values.find((value) => value !== undefined) ?? "";
}

function isEqual(
  left: readonly (string | undefined)[],
  right: readonly (string | undefined)[],
): boolean {
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}

function lengthOf(values: readonly (string | undefined)[]): number {
  return values.reduce((total, value) => total + (value?.length ?? 0), 0);
}
