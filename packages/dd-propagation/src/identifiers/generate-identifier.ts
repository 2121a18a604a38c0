import { isZero, wordToHex } from "./identifier.ts";

const pool = new Uint32Array(512);
let position = pool.length;

function randomWord(): number {
  if (position === pool.length) {
    crypto.getRandomValues(pool);
    position = 0;
  }
  const word = pool[position] ?? 0;
  position += 1;
  return word;
}

/**
 * Makes a random 64-bit span id.
 *
 * @returns Sixteen lower-case hexadecimal digits, never all zero.
 * @example
 * ```ts
 * hexToDecimal(generateSpanId());
 * ```
 */
export function generateSpanId(): string {
  const id = wordToHex(randomWord()) + wordToHex(randomWord());
  return isZero(id) ? generateSpanId() : id;
}

/**
 * Makes a trace id the way Datadog's tracers do: 32 bits of Unix time in seconds, 32 zero bits and 64 random bits.
 *
 * @param bits 128, or 64 for an upper half of zeros. @default 128
 * @param now Milliseconds since 1970. @default Date.now()
 * @returns Thirty-two lower-case hexadecimal digits.
 * @example
 * ```ts
 * generateTraceId(128, 1_678_000_000_000).slice(0, 16); // "64043f8000000000"
 * ```
 */
export function generateTraceId(bits: 64 | 128 = 128, now: number = Date.now()): string {
  const seconds = bits === 64 ? 0 : Math.floor(now / 1000) >>> 0;
  return `${wordToHex(seconds)}00000000${generateSpanId()}`;
}
