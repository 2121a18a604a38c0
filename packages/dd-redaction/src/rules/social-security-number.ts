import type { NumberRun } from "./number-run.ts";

const shape = [3, 2, 4] as const;

/**
 * Whether nine digits can be a US Social Security number or an individual taxpayer number
 * (SSA: area 000, 666 and 900–999, group 00 and serial 0000 are never issued; IRS: taxpayer
 * numbers are 9xx with group 50–65, 70–88, 90–92 or 94–99).
 */
export function isSocialSecurityNumber(digits: string): boolean {
  if (digits.length !== 9) return false;
  const area = Number(digits.slice(0, 3));
  const group = Number(digits.slice(3, 5));
  if (area === 0 || area === 666 || group === 0 || digits.endsWith("0000")) return false;
  if (area < 900) return true;
  return (group >= 50 && group <= 65) || (group >= 70 && group !== 89 && group !== 93);
}

/** How many groups from `from` on are one social security number written `ddd-dd-dddd`. */
export function socialSecurityGroups(run: NumberRun, from: number): number {
  return run.hasShape(from, shape) &&
    /^[- ]$/.test(run.separator(from + 1)) &&
    isSocialSecurityNumber(run.digits(from, 3))
    ? 3
    : 0;
}
