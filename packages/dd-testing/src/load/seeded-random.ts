/** Random numbers that are the same for the same seed; not for secrets. */
export interface SeededRandom {
  /** From 0 up to, but not including, 1. */
  next(): number;
  /** A whole number of 63 bits that is not zero. */
  id(): bigint;
  pick<T>(choices: readonly [T, ...T[]]): T;
}

/** Creates a generator by the algorithm mulberry32. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const word = (bits: number): bigint => BigInt(Math.floor(next() * 2 ** bits));
  return {
    next,
    id: () => ((word(31) << 32n) | word(32)) + 1n,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
}
