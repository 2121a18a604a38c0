import { wordOfHex, wordToHex } from "../identifiers/identifier.ts";

const wordRange = 0x1_0000_0000;
const halfRange = 0x1_0000;
const sixtyFourBits = Number((1n << 64n) - 1n);
const thresholdRange = 1n << 56n;
const thresholdDigits = 14;
// Datadog's tracers in every language multiply with this prime; the same trace is kept or dropped by all.
const factor = 1_111_111_111_111_111_111n;
const factorUpper = Number(factor >> 32n);
const factorLower = Number(factor & 0xffff_ffffn);

/** An unsigned number of 64 bits, in words of 32: this takes a fifth of a BigInt's time, for each context written. */
interface Words {
  readonly upper: number;
  readonly lower: number;
}

/** The lower 64 bits of the product of the trace id's lower half and the factor. */
function hashOf(traceIdHex: string): Words {
  const start = traceIdHex.length - 16;
  const upper = wordOfHex(traceIdHex, start);
  const lower = wordOfHex(traceIdHex, start + 8);
  // Sixteen bits at a time, so that every product stays exact in a double.
  const first = (lower & 0xffff) * factorLower;
  const second = (lower >>> 16) * factorLower;
  const sum = first + (second & 0xffff) * halfRange;
  const carried = Math.floor(sum / wordRange) + Math.floor(second / halfRange);
  const crossed = Math.imul(upper, factorLower) + Math.imul(lower, factorUpper);
  return { upper: (carried + crossed) >>> 0, lower: sum >>> 0 };
}

/**
 * Decides by the trace id alone whether a trace is kept at a rate, as Datadog's tracers in every language do.
 *
 * @param traceIdHex Sixteen or thirty-two hexadecimal digits.
 * @param rate The share of traces kept, 0 to 1; values outside are read as the nearest of both.
 */
export function isKeptAtRate(traceIdHex: string, rate: number): boolean {
  if (!(rate > 0)) return false;
  if (rate >= 1) return true;
  const { upper, lower } = hashOf(traceIdHex);
  return upper * wordRange + lower <= rate * sixtyFourBits;
}

/** OpenTelemetry's 56-bit random value that leads to the same decision as Datadog's hash, in 14 hexadecimal digits. */
export function randomValueOf(traceIdHex: string): string {
  const { upper, lower } = hashOf(traceIdHex);
  return (wordToHex(~upper) + wordToHex(~lower)).slice(0, thresholdDigits);
}

let latestRate = 1;
let latestThreshold = "0".repeat(thresholdDigits);

/**
 * OpenTelemetry's 56-bit rejection threshold of a rate, in 14 hexadecimal digits: a trace is kept when its random value
 * reaches it. Remembered for the rate that came last, since a process has few.
 */
export function rejectionThreshold(rate: number): string {
  if (rate === latestRate) return latestThreshold;
  latestThreshold = digitsOf(thresholdAt(rate));
  latestRate = rate;
  return latestThreshold;
}

/** The random value below a threshold; zero for the lowest. */
export function valueBelow(threshold: string): string {
  const value = BigInt(`0x${threshold}`);
  return digitsOf(value > 0n ? value - 1n : 0n);
}

function thresholdAt(rate: number): bigint {
  if (rate >= 1) return 0n;
  const highest = thresholdRange - 1n;
  if (!(rate > 0)) return highest;
  const threshold = BigInt(Math.round((1 - rate) * Number(thresholdRange)));
  return threshold > highest ? highest : threshold;
}

function digitsOf(value: bigint): string {
  return value.toString(16).padStart(thresholdDigits, "0");
}
