/** A benchmark of a package, a program of its own. */
export interface Benchmark {
  /** Its path in the repository. */
  readonly file: string;
  /** Left out by `--quick`. */
  readonly isLong?: boolean;
  /** Waits nearly all the time, so that the next one may run beside it. */
  readonly isIdle?: boolean;
}

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  { file: "packages/dd-core/bench/spans.ts" },
  { file: "packages/dd-propagation/bench/propagation.ts" },
  { file: "packages/dd/bench/llm-call.ts" },
  { file: "packages/dd/bench/stream.ts" },
  { file: "packages/dd/bench/agent-run.ts" },
  { file: "packages/dd-metrics/bench/metrics.ts" },
  { file: "packages/dd-redaction/bench/redaction.ts" },
  { file: "packages/dd-core/bench/start-up.ts", isLong: true },
  { file: "packages/dd-core/bench/memory.ts", isLong: true },
  { file: "packages/dd/bench/idle.ts", isLong: true, isIdle: true },
  { file: "packages/dd-core/bench/agent-gone.ts", isLong: true },
  { file: "packages/dd-testing/bench/receive.ts", isLong: true },
  { file: "packages/dd/bench/scale.ts", isLong: true },
];
