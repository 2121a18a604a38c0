/** A benchmark of a package, a program of its own. */
export interface Benchmark {
  /** Its path in the repository. */
  readonly file: string;
  /** Left out by `--quick`. */
  readonly isLong?: boolean;
  /** Waits nearly all the time, so that the next one may run beside it. */
  readonly isIdle?: boolean;
  /** Compares processor time, of which a collector with helpers takes more or less by chance. */
  readonly comparesTime?: boolean;
  /**
   * Runs in several processes, of so many rounds each, and the median of what they say counts: V8 makes other code of
   * the same program in each of them. One, with all of its rounds, where this is absent, and by `--quick`.
   */
  readonly spread?: { readonly processes: number; readonly rounds: number };
}

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  {
    file: "packages/dd-core/bench/spans.ts",
    comparesTime: true,
    spread: { processes: 3, rounds: 7 },
  },
  { file: "packages/dd-propagation/bench/propagation.ts", comparesTime: true },
  { file: "packages/dd/bench/llm-call.ts", comparesTime: true },
  { file: "packages/dd/bench/stream.ts", comparesTime: true },
  {
    file: "packages/dd/bench/agent-run.ts",
    comparesTime: true,
    spread: { processes: 3, rounds: 9 },
  },
  { file: "packages/dd-metrics/bench/metrics.ts", comparesTime: true },
  {
    file: "packages/dd-redaction/bench/redaction.ts",
    comparesTime: true,
    spread: { processes: 3, rounds: 5 },
  },
  { file: "packages/dd-core/bench/start-up.ts", isLong: true },
  { file: "packages/dd-core/bench/memory.ts", isLong: true },
  { file: "packages/dd/bench/idle.ts", isLong: true, isIdle: true },
  { file: "packages/dd-core/bench/agent-gone.ts", isLong: true },
  { file: "packages/dd-testing/bench/receive.ts", isLong: true },
  { file: "packages/dd/bench/scale.ts", isLong: true, comparesTime: true },
];
