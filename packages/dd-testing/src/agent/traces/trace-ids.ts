/**
 * The 32 hex digits of a trace id.
 *
 * @param low The low 64 bits.
 * @param high The 16 hex digits of `_dd.p.tid`; anything else counts as absent.
 */
export function traceIdHex(low: bigint, high: string | undefined): string {
  const upper = high !== undefined && /^[0-9a-fA-F]{16}$/.test(high) ? high.toLowerCase() : "0";
  return upper.padStart(16, "0") + low.toString(16).padStart(16, "0");
}
