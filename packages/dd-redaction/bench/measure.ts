/** One thing to time. */
export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

/** Median time of one call and its ratio to the first contender of the same comparison. */
export interface Timing {
  readonly name: string;
  readonly nanoseconds: number;
  /** Median of the ratios of each round: first contender over this one; above 1 is faster. */
  readonly speedup: number;
}

const sampleMs = 25;

declare const gc: (() => void) | undefined;

/**
 * Nanoseconds of processor time that this thread used. Other processes on the machine make the
 * clock run on, but not this.
 */
export function threadNanoseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

/** Calls in batches until enough time has passed: on some machines the clock advances in steps of 4 ms. */
function timePerCall(run: () => unknown, batch: number): number {
  const start = threadNanoseconds();
  let calls = 0;
  let nanoseconds = 0;
  do {
    for (let call = 0; call < batch; call++) run();
    calls += batch;
    nanoseconds = threadNanoseconds() - start;
  } while (nanoseconds < (sampleMs * 1e6) / 2);
  return nanoseconds / calls;
}

function calibrate(run: () => unknown): number {
  return Math.max(1, Math.round((sampleMs * 1e6) / timePerCall(run, 1)));
}

/** Middle of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Times contenders in the same process, in interleaved rounds that begin with another each time. */
export function compare(contenders: readonly Contender[], rounds: number): Timing[] {
  // Not before every sample: a forced collection throws compiled regular expressions away.
  if (typeof gc === "function") gc();
  const calls = contenders.map(({ run }) => calibrate(run));
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const contender = contenders[index];
      if (contender === undefined) continue;
      samples[index]?.push(timePerCall(contender.run, calls[index] ?? 1));
    }
  }
  return contenders.map(({ name }, index) => {
    const own = samples[index] ?? [];
    const ratios = own.map((time, round) => (samples[0]?.[round] ?? time) / time);
    return { name, nanoseconds: median(own), speedup: median(ratios) };
  });
}
