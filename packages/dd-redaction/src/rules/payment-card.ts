import { hasLuhnCheckDigit } from "./luhn.ts";
import type { NumberRun } from "./number-run.ts";

/**
 * Issuer prefixes with the lengths their networks issue (ISO/IEC 7812). Unseparated numbers of 17
 * and more digits are left alone: they are span ids, snowflakes and nanoseconds far more often.
 */
const networks: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:30[0-5]|3[689])/, lengths: [14] },
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16] },
  { prefix: /^62/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:50[1-4]|5[678]|6304|67)/, lengths: [16, 18, 19] },
];

/** How card numbers are written in groups; the longer reading of the same start comes first. */
const groupings: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 4, 4, 1],
  [4, 6, 5],
  [4, 6, 4],
  [6, 13],
];

/** Whether digits without separators are a payment card number. */
export function isPaymentCard(digits: string): boolean {
  for (const { prefix, lengths } of networks) {
    if (lengths.includes(digits.length) && prefix.test(digits)) return hasLuhnCheckDigit(digits);
  }
  return false;
}

/** How many groups from `from` on are one card number; 0 when they are none. */
export function cardGroups(run: NumberRun, from: number): number {
  const length = run.length(from);
  if (length >= 13) return length <= 16 && isPaymentCard(run.digits(from, 1)) ? 1 : 0;
  if ((length !== 4 && length !== 6) || run.length(from + 1) < 4) return 0;
  for (const grouping of groupings) {
    if (
      run.hasShape(from, grouping) &&
      /^[ -]$/.test(run.separator(from + 1)) &&
      isPaymentCard(run.digits(from, grouping.length))
    ) {
      return grouping.length;
    }
  }
  return 0;
}
