/** Milliseconds without the digits that no clock has. */
export function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
