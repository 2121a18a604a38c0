import type { NumberRun } from "./number-run.ts";

/** National formats without country code, as group lengths; the first group begins with 0. */
const maximumNationalGroups = 5;
const northAmerican = [3, 3, 4] as const;
const joint = /^(?:[ ./-]|\) ?| \(| - | \/ )$/;

/**
 * How many groups from `from` on are one phone number; 0 when they are none.
 *
 * @param before The character before the first group, an empty string at the start of the text.
 */
export function phoneGroups(run: NumberRun, from: number, before: string): number {
  if (before === "+") return internationalGroups(run, from);
  return (
    northAmericanGroups(run, from, before) ||
    doubleZeroGroups(run, from) ||
    trunkGroups(run, from, before)
  );
}

/** E.164: a plus sign, then 8 to 15 digits in up to six groups. */
export function internationalGroups(run: NumberRun, from: number): number {
  if (run.digits(from, 1).startsWith("0")) return 0;
  let count = 1;
  let digits = run.length(from);
  if (digits > 15) return 0;
  while (
    count < 7 &&
    run.length(from + count) > 0 &&
    joint.test(run.separator(from + count)) &&
    digits + run.length(from + count) <= 15
  ) {
    digits += run.length(from + count);
    count++;
  }
  // `+2024-11-20` is an added line of a diff.
  if (run.hasShape(from, [4, 2, 2]) && /^(?:19|20)/.test(run.digits(from, 1))) return 0;
  return digits >= (count === 1 ? 9 : 8) ? count : 0;
}

function northAmericanGroups(run: NumberRun, from: number, before: string): number {
  const country = run.length(from) === 1 && run.digits(from, 1) === "1" ? 1 : 0;
  if (country === 1 && !joint.test(run.separator(from + 1))) return 0;
  const area = from + country;
  for (let offset = 0; offset < 3; offset++) {
    if (run.length(area + offset) !== northAmerican[offset]) return 0;
  }
  if (!/^[2-9]\d{2}[2-9]/.test(run.digits(area, 2))) return 0;
  const first = run.separator(area + 1);
  const second = run.separator(area + 2);
  const bracketed =
    /^\)[ -]?$/.test(first) && (before === "(" || run.separator(area).endsWith("("));
  const even = first === second && /^[-. ]$/.test(first);
  return (bracketed && /^[-. ]$/.test(second)) || even ? country + 3 : 0;
}

function doubleZeroGroups(run: NumberRun, from: number): number {
  if (!/^00[1-9]/.test(run.digits(from, 1))) return 0;
  let count = 1;
  let digits = run.length(from);
  while (count < 7 && run.length(from + count) > 0 && digits + run.length(from + count) <= 17) {
    if (!joint.test(run.separator(from + count))) break;
    digits += run.length(from + count);
    count++;
  }
  return count > 1 && digits >= 11 ? count : 0;
}

/** Trunk prefix 0: `020 7946 0958`, `06 12 34 56 78`, `(02) 9876 5432`, `0171/1234567`. */
function trunkGroups(run: NumberRun, from: number, before: string): number {
  const first = run.digits(from, 1);
  if (!/^0[1-9]\d{0,3}$/.test(first)) return 0;
  const bracketed = before === "(" && run.separator(from + 1) === ") ";
  const opening = run.separator(from + 1);
  if (!bracketed && !/^(?:[ ./-]| \/ )$/.test(opening)) return 0;
  const separator = bracketed || opening.includes("/") ? run.separator(from + 2) : opening;
  let count = 2;
  let digits = first.length + run.length(from + 1);
  while (
    count < maximumNationalGroups &&
    run.length(from + count) > 1 &&
    run.separator(from + count) === separator &&
    /^[ .-]$/.test(separator) &&
    digits + run.length(from + count) <= 11
  ) {
    digits += run.length(from + count);
    count++;
  }
  if (digits < 9 || run.length(from + 1) > 8) return 0;
  const continues =
    run.separator(from + count) === separator &&
    run.length(from + count) === run.length(from + count - 1);
  const isAddress = separator === "." && count === 4 && run.length(from + 3) <= 3;
  return continues || isAddress ? 0 : count;
}
