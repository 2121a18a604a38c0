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
}

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  { file: "packages/dd-core/bench/spans.ts", comparesTime: true },
  { file: "packages/dd-propagation/bench/propagation.ts", comparesTime: true },
  { file: "packages/dd/bench/llm-call.ts", comparesTime: true },
  { file: "packages/dd/bench/stream.ts", comparesTime: true },
  { file: "packages/dd/bench/agent-run.ts", comparesTime: true },
  { file: "packages/dd-metrics/bench/metrics.ts", comparesTime: true },
  { file: "packages/dd-redaction/bench/redaction.ts", comparesTime: true },
  { file: "packages/dd-core/bench/start-up.ts", isLong: true },
  { file: "packages/dd-core/bench/memory.ts", isLong: true },
  { file: "packages/dd/bench/idle.ts", isLong: true, isIdle: true },
  { file: "packages/dd-core/bench/agent-gone.ts", isLong: true },
  { file: "packages/dd-testing/bench/receive.ts", isLong: true },
  { file: "packages/dd/bench/scale.ts", isLong: true, comparesTime: true },
];
