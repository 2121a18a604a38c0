import type { NumberRun } from "./number-run.ts";

const digitZero = 48;
const digitOne = 49;
const openingBracket = 40;
const plusSign = 43;

/** Most digits after a plus sign (E.164), and after `00`. */
const maximumDigits = 15;
const maximumDoubleZeroDigits = 17;
const maximumNationalGroups = 5;
const joint = /^(?:[ ./-]|\) ?| \(| - | \/ )$/;

/**
 * How many groups from `from` on are one phone number; 0 when they are none.
 *
 * @param before The code unit before the first group.
 */
export function phoneGroups(run: NumberRun, from: number, before: number): number {
  if (before === plusSign) return internationalGroups(run, from);
  const length = run.length(from);
  const first = run.firstDigit(from);
  if (first === digitZero && length > 1) {
    return run.text.charCodeAt(run.start(from) + 1) === digitZero
      ? doubleZeroGroups(run, from)
      : trunkGroups(run, from, before);
  }
  if (length === 2 && before === openingBracket) return bracketedAreaGroups(run, from);
  return length === 3 || (length === 1 && first === digitOne)
    ? northAmericanGroups(run, from, before)
    : 0;
}

/** `(11) 91234-5678`, `(55) 1234 5678`: an area of two digits, as in Brazil and Mexico. */
function bracketedAreaGroups(run: NumberRun, from: number): number {
  const middle = run.length(from + 1);
  if ((middle !== 4 && middle !== 5) || run.length(from + 2) !== 4) return 0;
  return /^\) ?$/.test(run.separator(from + 1)) && /^[- ]$/.test(run.separator(from + 2)) ? 3 : 0;
}

/** Adds groups while separators and the number of digits allow it. */
function joinedGroups(run: NumberRun, from: number, most: number): readonly [number, number] {
  let count = 1;
  let digits = run.length(from);
  while (
    count < 7 &&
    run.length(from + count) > 0 &&
    digits + run.length(from + count) <= most &&
    joint.test(run.separator(from + count))
  ) {
    digits += run.length(from + count);
    count++;
  }
  return [count, digits];
}

/** E.164: a plus sign, then 8 to 15 digits in up to seven groups. */
function internationalGroups(run: NumberRun, from: number): number {
  if (run.firstDigit(from) === digitZero || run.length(from) > maximumDigits) return 0;
  // `+2024-11-20` is an added line of a diff.
  if (run.hasShape(from, [4, 2, 2]) && /^(?:19|20)/.test(run.digits(from, 1))) return 0;
  // Written in one piece: what follows is another number.
  if (run.length(from) >= 9) return 1;
  const [count, digits] = joinedGroups(run, from, maximumDigits);
  return digits >= (count === 1 ? 9 : 8) ? count : 0;
}

function doubleZeroGroups(run: NumberRun, from: number): number {
  if (!/^00[1-9]/.test(run.digits(from, 1))) return 0;
  if (from > 0 && run.separator(from) === run.separator(from + 1)) return 0;
  const [count, digits] = joinedGroups(run, from, maximumDoubleZeroDigits);
  return count > 1 && digits >= 11 ? count : 0;
}

/** `415-555-2671`, `(415) 555-2671`, with or without `1` in front (NANP: N is 2 to 9). */
function northAmericanGroups(run: NumberRun, from: number, before: number): number {
  const country = run.length(from) === 1 ? 1 : 0;
  const area = from + country;
  if (run.length(area) !== 3 || run.length(area + 1) !== 3 || run.length(area + 2) !== 4) return 0;
  if (run.firstDigit(area) <= digitOne || run.firstDigit(area + 1) <= digitOne) return 0;
  if (country === 1 && !joint.test(run.separator(area))) return 0;
  const first = run.separator(area + 1);
  const second = run.separator(area + 2);
  const opened = before === openingBracket || run.separator(area).endsWith("(");
  const bracketed = opened && /^\)[ -]?$/.test(first) && /^[-. ]$/.test(second);
  return bracketed || (first === second && /^[-. ]$/.test(first)) ? country + 3 : 0;
}

/** Trunk prefix 0: `020 7946 0958`, `06 12 34 56 78`, `(02) 9876 5432`, `0171/1234567`. */
function trunkGroups(run: NumberRun, from: number, before: number): number {
  if (run.length(from) > 5 || from + 1 >= run.size || run.length(from + 1) > 8) return 0;
  const opening = run.separator(from + 1);
  // `1 85 05 78 006 084`: the 0 stands inside a longer number.
  if (from > 0 && run.separator(from) === opening) return 0;
  const bracketed = before === openingBracket && opening === ") ";
  if (!bracketed && !/^(?:[ ./-]| \/ )$/.test(opening)) return 0;
  const separator = bracketed || opening.includes("/") ? run.separator(from + 2) : opening;
  let count = 2;
  let digits = run.length(from) + run.length(from + 1);
  while (
    count < maximumNationalGroups &&
    run.length(from + count) > 1 &&
    digits + run.length(from + count) <= 11 &&
    run.separator(from + count) === separator &&
    /^[ .-]$/.test(separator)
  ) {
    digits += run.length(from + count);
    count++;
  }
  if (digits < 9) return 0;
  const continues =
    run.length(from + count) > 0 &&
    run.separator(from + count) === separator &&
    run.length(from + count) === run.length(from + count - 1);
  const isAddress = separator === "." && count === 4 && run.length(from + 3) <= 3;
  return continues || isAddress ? 0 : count;
}
