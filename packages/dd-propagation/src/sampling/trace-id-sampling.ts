const wholeRange = 1n << 64n;
const sixtyFourBits = wholeRange - 1n;
const thresholdRange = 1n << 56n;
const thresholdDigits = 14;
// Datadog's tracers in every language multiply with this prime; the same trace is kept or dropped by all.
const factor = 1_111_111_111_111_111_111n;

function hashOf(traceIdHex: string): bigint {
  return (BigInt(`0x${traceIdHex.slice(-16)}`) * factor) & sixtyFourBits;
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
  return Number(hashOf(traceIdHex)) <= rate * Number(sixtyFourBits);
}

/** OpenTelemetry's 56-bit random value that leads to the same decision as Datadog's hash, in 14 hexadecimal digits. */
export function randomValueOf(traceIdHex: string): string {
  return digitsOf((sixtyFourBits - hashOf(traceIdHex)) >> 8n);
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
