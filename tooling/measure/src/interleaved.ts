/** One way of doing something, measured beside others. */
export interface Contender<State = unknown> {
  readonly name: string;
  /** The contender whose time this one is divided by, round by round. */
  readonly peer?: string;
  /** The ratio that must not be exceeded, for the table. */
  readonly gate?: number;
  /** Operations in a sample. @default found out, for about 25 ms */
  readonly count?: number;
  /** What a sample works on, made outside the time that is measured. */
  readonly prepare?: (count: number) => State;
  /** Does the work `count` times. */
  readonly run: (count: number, state: State) => unknown;
}

/** What was measured for one contender. */
export interface Outcome {
  readonly name: string;
  /** CPU time of the process (ns per operation). */
  readonly nanoseconds: number;
  readonly peer?: string;
  readonly ratio?: number;
  readonly gate?: number;
}

const sampleMilliseconds = 25;
/** Long enough for every contender to be compiled. */
const warmUpMilliseconds = 400;

/** @param cpuTime Reads a clock of CPU time (µs). */
async function sample(contender: Contender, count: number, cpuTime: () => number): Promise<number> {
  const state = contender.prepare?.(count);
  globalThis.gc?.();
  const before = cpuTime();
  const result = contender.run(count, state);
  if (result instanceof Promise) await result;
  return ((cpuTime() - before) * 1_000) / count;
}

async function calibrated(contender: Contender, cpuTime: () => number): Promise<number> {
  const end = performance.now() + warmUpMilliseconds;
  const warmUp = contender.count ?? 512;
  while (performance.now() < end) await contender.run(warmUp, contender.prepare?.(warmUp));
  if (contender.count !== undefined) return contender.count;
  const nanoseconds = await sample(contender, 4_096, cpuTime);
  return Math.max(64, Math.round((sampleMilliseconds * 1e6) / Math.max(nanoseconds, 1)));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Measures the CPU time of all contenders in one process, in interleaved rounds of rotating order; a ratio is the
 * median of the ratios within each round, so that what slows the machine down slows both sides.
 *
 * @param cpuTime Reads a clock of CPU time (µs). @default that of this thread
 */
export async function interleaved(
  contenders: readonly Contender[],
  rounds: number,
  cpuTime: () => number = threadTime,
): Promise<Outcome[]> {
  const counts: number[] = [];
  for (const contender of contenders) counts.push(await calibrated(contender, cpuTime));
  const samples: number[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let offset = 0; offset < contenders.length; offset += 1) {
      const index = (round + offset) % contenders.length;
      const contender = contenders[index];
      if (contender === undefined) continue;
      samples[index]?.push(await sample(contender, counts[index] ?? 1, cpuTime));
    }
  }
  return contenders.map(({ name, peer, gate }, index) => {
    const own = samples[index] ?? [];
    const outcome = { name, nanoseconds: median(own), ...(gate === undefined ? {} : { gate }) };
    const other = samples[contenders.findIndex((candidate) => candidate.name === peer)];
    if (peer === undefined || other === undefined) return outcome;
    const ratios = own.map((value, round) => value / (other[round] ?? Number.NaN));
    return { ...outcome, peer, ratio: median(ratios) };
  });
}

/** CPU time of this thread: without the collector's helpers and the compiler (µs). */
export function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** CPU time of the process (µs). */
export function processTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** A table for people. */
export function tableOf(title: string, outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ name, nanoseconds, ratio, gate }) =>
    [
      name.padEnd(56),
      nanoseconds.toFixed(0).padStart(8),
      (ratio?.toFixed(3) ?? "").padStart(8),
      (gate?.toFixed(2) ?? "").padStart(6),
    ].join(" "),
  );
  return `${title.padEnd(56)}    ns/op    ratio   gate\n${lines.join("\n")}\n\n`;
}
