import { createHash } from "node:crypto";

/**
 * Makes a unit vector that depends only on the text: equal texts have equal vectors, others differ.
 * It carries no meaning beyond that.
 */
export function embeddingVector(text: string, dimensions: number): number[] {
  const digest = createHash("sha256").update(text).digest();
  let state = digest.readUInt32LE(0) || 1;
  const values = Array.from({ length: dimensions }, () => {
    // xorshift32: small, and the same on every platform.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state | 0) / 2 ** 31;
  });
  const norm = Math.hypot(...values) || 1;
  return values.map((value) => Math.fround(value / norm));
}
