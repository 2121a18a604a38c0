import { setTimeout as sleep } from "node:timers/promises";

/** One way of doing something, measured beside others. */
export interface Contender<State = unknown> {
  readonly name: string;
  /** The contender whose time this one is divided by, round by round. */
  readonly peer?: string;
  /** The ratio that must not be exceeded, for the table. */
  readonly gate?: number;
  /** Operations in a sample. @default found out, for about 25 ms */
  readonly count?: number;
  /** What a sample works on, made outside the time that is measured; a promise is awaited. */
  readonly prepare?: (count: number) => State | Promise<State>;
  /** Does the work `count` times. */
  readonly run: (count: number, state: State) => unknown;
  /** Tidies up what a sample has left, outside the time that is measured. */
  readonly settle?: (state: State) => void;
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
/** Between two samples, so that what the first has left to be sent is sent, as it is in a service. */
const restMilliseconds = 2;
/** Long enough for every contender to be compiled; a quick look makes do with less. */
const warmUpOf = (rounds: number): number => Math.min(400, 40 * rounds);

async function sample(contender: Contender, count: number, cpuTime: () => number): Promise<number> {
  const state = await contender.prepare?.(count);
  await sleep(restMilliseconds);
  // Not a full collection: it throws away compiled code whose objects are all gone, and a service makes none for seconds.
  globalThis.gc?.({ type: "minor" });
  const before = cpuTime();
  const result = contender.run(count, state);
  if (result instanceof Promise) await result;
  const nanoseconds = ((cpuTime() - before) * 1_000) / count;
  contender.settle?.(state);
  return nanoseconds;
}

/** Warms a contender up, and finds how often it must run to take about one sample's time. */
async function calibrated(contender: Contender, warmUpMilliseconds: number): Promise<number> {
  const warmUp = contender.count ?? 512;
  let runs = 0;
  let milliseconds = 0;
  const end = performance.now() + warmUpMilliseconds;
  for (; performance.now() < end; runs += 1) {
    const state = await contender.prepare?.(warmUp);
    const start = performance.now();
    await contender.run(warmUp, state);
    milliseconds += performance.now() - start;
    contender.settle?.(state);
    await sleep(restMilliseconds);
  }
  const perOperation = milliseconds / (runs * warmUp);
  return contender.count ?? Math.max(64, Math.round(sampleMilliseconds / perOperation));
}

/** A quarter of the values are at most as high: what else a machine does only ever adds to a cost. */
export function lowerQuartile(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 4)] ?? Number.NaN;
}

/** Of rounds in several processes: the median over the processes of what each shows where it is disturbed least. */
export function medianOfLowerQuartiles(processes: readonly (readonly number[])[]): number {
  return median(processes.map(lowerQuartile));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Measures the CPU time of all contenders in one process, in interleaved rounds, each in an order of its own, so that
 * nobody always comes after the same one; a ratio is the median of the ratios within each round, so that what slows the
 * machine down slows both sides. The time is that of the
 * process, collector included; Node's clock of one thread advances in steps of 4 ms on some kernels.
 *
 * @param cpuTime Reads a clock (µs). @default the CPU time of the process
 */
export async function interleaved(
  contenders: readonly Contender[],
  rounds: number,
  cpuTime: () => number = processTime,
): Promise<Outcome[]> {
  const counts: number[] = [];
  for (const contender of contenders) counts.push(await calibrated(contender, warmUpOf(rounds)));
  const samples: number[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of shuffled(contenders.keys())) {
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

/** The same in an order of chance. */
export function shuffled<Item>(items: Iterable<Item>): Item[] {
  const keyed = Array.from(items, (item) => ({ item, key: Math.random() }));
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
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
