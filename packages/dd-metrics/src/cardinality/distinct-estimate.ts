const registerBits = 8;
const registers = 1 << registerBits;
/** Bias correction for 256 registers (Flajolet et al., HyperLogLog, 2007, figure 3). */
const alpha = 0.7213 / (1 + 1.079 / registers);

/** Estimates how many different texts there were, in 256 bytes, usually within 7 %. */
export class DistinctEstimate {
  readonly #registers = new Uint8Array(registers);

  add(text: string): void {
    const hash = hashOf(text);
    const register = hash >>> (32 - registerBits);
    const rank = Math.clz32((hash << registerBits) | (1 << (registerBits - 1))) + 1;
    if (rank > (this.#registers[register] ?? 0)) this.#registers[register] = rank;
  }

  get count(): number {
    let sum = 0;
    let empty = 0;
    for (const rank of this.#registers) {
      sum += 2 ** -rank;
      if (rank === 0) empty += 1;
    }
    const raw = (alpha * registers * registers) / sum;
    // For few values counting the empty registers is more exact.
    if (raw <= 2.5 * registers && empty > 0)
      return Math.round(registers * Math.log(registers / empty));
    return Math.round(raw);
  }
}

/** FNV-1a with the final mixing of MurmurHash3, so that every bit depends on every character. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
