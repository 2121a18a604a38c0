import type { Metrics } from "@llmdevops/dd-metrics";

/** What 100,000 calls come to, by name. */
export interface Totals {
  readonly counts: Record<string, number>;
  readonly gauges: Record<string, number>;
  readonly sets: Record<string, number>;
  /** Number and sum of the values. */
  readonly samples: Record<string, readonly [number, number]>;
}

const mixedTypes = ["c", "g", "s", "h", "d", "ms"] as const;
type MixedType = (typeof mixedTypes)[number];

/**
 * Makes 100,000 calls in a fixed order over 16 combinations of tags, and adds up what must arrive.
 *
 * @param types Some receivers know only some.
 */
export function makeMixedCalls(metrics: Metrics, types: readonly MixedType[] = mixedTypes): Totals {
  const counts: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const unique = new Map<string, Set<string>>();
  const samples: Record<string, [number, number]> = {};
  for (let index = 0; index < 100_000; index += 1) {
    const type = types[index % types.length] ?? "c";
    const number = (index * 7919) % 1_000;
    const name = `mixed.${type}${index % 3}`;
    const tags = { route: `r${index % 4}`, zone: `z${(index >> 2) % 4}` };
    if (type === "c") {
      metrics.increment(name, number, tags);
      counts[name] = (counts[name] ?? 0) + number;
    } else if (type === "g") {
      // One series, so that there is one last value.
      metrics.gauge(name, number);
      gauges[name] = number;
    } else if (type === "s") {
      metrics.set(name, `u${number}`);
      unique.set(name, (unique.get(name) ?? new Set()).add(`u${number}`));
    } else {
      if (type === "h") metrics.histogram(name, number, tags);
      if (type === "d") metrics.distribution(name, number, tags);
      if (type === "ms") metrics.timing(name, number, tags);
      const [calls, sum] = samples[name] ?? [0, 0];
      samples[name] = [calls + 1, sum + number];
    }
  }
  const sets = Object.fromEntries([...unique].map(([name, { size }]) => [name, size]));
  return { counts, gauges, sets, samples };
}
