/** One operation to measure; it does its work `count` times. */
export interface BenchCase {
  readonly name: string;
  /** The case whose time this one is divided by, round by round. */
  readonly peer?: string;
  /** The ratio that must not be exceeded, for the table. */
  readonly gate?: number;
  readonly run: (count: number) => unknown;
}

/** What was measured for one case. */
export interface BenchResult {
  readonly name: string;
  readonly nanoseconds: number;
  readonly peer?: string;
  readonly ratio?: number;
  readonly gate?: number;
}

const sampleMilliseconds = 20;
/** Long enough for every case to be compiled; without it a long function is measured in the interpreter. */
const warmUpMilliseconds = 500;

function timeOf(run: BenchCase["run"], count: number): number {
  const start = process.hrtime.bigint();
  run(count);
  return Number(process.hrtime.bigint() - start) / count;
}

/** Warms a case up, and finds how often it must run to take about one sample's time. */
function calibrate(run: BenchCase["run"]): number {
  const end = performance.now() + warmUpMilliseconds;
  while (performance.now() < end) run(256);
  let count = 64;
  for (;;) {
    const milliseconds = (timeOf(run, count) * count) / 1e6;
    if (milliseconds > sampleMilliseconds / 4) {
      return Math.max(1, Math.round((count * sampleMilliseconds) / milliseconds));
    }
    count *= 4;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Measures all cases in one process, in interleaved rounds of rotating order; a ratio is the median of the ratios
 * within each round, so that what slows the machine down slows both sides.
 */
export function measure(cases: readonly BenchCase[], rounds: number): BenchResult[] {
  const counts = cases.map(({ run }) => calibrate(run));
  const samples: number[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let offset = 0; offset < cases.length; offset += 1) {
      const index = (round + offset) % cases.length;
      const current = cases[index];
      if (current === undefined) continue;
      globalThis.gc?.();
      samples[index]?.push(timeOf(current.run, counts[index] ?? 1));
    }
  }
  return cases.map(({ name, peer, gate }, index) => {
    const own = samples[index] ?? [];
    const result = { name, nanoseconds: median(own), ...(gate === undefined ? {} : { gate }) };
    const other = samples[cases.findIndex((candidate) => candidate.name === peer)];
    if (peer === undefined || other === undefined) return result;
    const ratios = own.map((value, round) => value / (other[round] ?? Number.NaN));
    return { ...result, peer, ratio: median(ratios) };
  });
}
