import { hasManyDigits } from "../detection/character-features.ts";
import { isAlphanumeric, isDigit, isTokenStart } from "../detection/characters.ts";
import { addMatch, type MatchList } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";
import { isWithinUuid } from "../detection/uuid.ts";
import { contextBefore } from "./context-word.ts";
import { ibanAround } from "./iban.ts";
import { NumberRun } from "./number-run.ts";
import { cardGroups, isPaymentCard } from "./payment-card.ts";
import { phoneGroups } from "./phone.ts";
import { isSocialSecurityNumber, socialSecurityGroups } from "./social-security-number.ts";

/** Rule indexes of the kinds this scanner tells apart; a negative index means off. */
export interface NumberRules {
  readonly paymentCard: number;
  readonly socialSecurityNumber: number;
  readonly phone: number;
  readonly iban: number;
}

/** Seven digits with at most three separators between two of them, and what is joined to them. */
const runPattern = /\d(?<!\d\d)(?:[ ()./-]{0,3}\d){6,}/g;
/** Most digits of an unseparated card, and of a phone number (E.164). */
const maximumPlainCard = 16;
const maximumPhone = 15;
const maximumContextGroups = 6;

/** Payment cards, social security numbers and phone numbers: one search for runs of digits. */
export function createNumberScanner(rules: NumberRules): Scanner {
  return {
    needs: hasManyDigits,
    minimumLength: 7,
    scan(given, matches) {
      const text = hasWideSeparator(given) ? withPlainSeparators(given) : given;
      let from = 0;
      runPattern.lastIndex = 0;
      while (runPattern.test(text)) {
        from = matchRun(text, from, runPattern.lastIndex, rules, matches);
        runPattern.lastIndex = from;
      }
    },
  };
}

/** Spaces and hyphens that do not break a line, as web pages and documents put them into numbers. */
const wideSeparators = /[\u00a0\u2007\u2009-\u2015\u202f\u2212]/g;
/** All but the one in Latin-1, so that V8 knows at once that a text of Latin-1 holds none. */
const beyondLatin = /[\u2007\u2009-\u2015\u202f\u2212]/;

function hasWideSeparator(text: string): boolean {
  return text.includes("\u00a0") || beyondLatin.test(text);
}

/** The text with a space for each of them, so that every index stays. */
function withPlainSeparators(text: string): string {
  return text.replace(wideSeparators, " ");
}

/**
 * Records what the run that ends at `end` holds, with the groups joined to its front, and returns
 * where the search goes on.
 */
function matchRun(
  text: string,
  floor: number,
  end: number,
  rules: NumberRules,
  matches: MatchList,
): number {
  let start = end;
  let separators = 0;
  let separator = 0;
  for (let index = end - 1; index >= floor; index--) {
    const code = text.charCodeAt(index);
    if (isDigit(code)) {
      // Separators in front of the first digit do not count.
      separators += start - index - 1;
      if (start - index > 1) separator = text.charCodeAt(index + 1);
      start = index;
    } else if (!isSeparator(code)) {
      break;
    }
  }
  const iban = rules.iban >= 0 ? ibanAround(text, start) : undefined;
  if (iban !== undefined && !isWithinUuid(text, iban.start)) {
    addMatch(matches, iban.start, iban.end, rules.iban);
    return iban.end;
  }
  if (separators === 0) matchPlain(text, start, end, rules, matches);
  // `0.001234` and `2024-11-20` are what most runs with separators are.
  else if (!(separators === 1 && separator === 46) && !isIsoDate(text, start, end)) {
    matchGroups(new NumberRun(text, start, end), rules, matches);
  }
  return end;
}

function isIsoDate(text: string, start: number, end: number): boolean {
  return (
    end - start === 10 &&
    text.charCodeAt(start + 4) === 45 &&
    text.charCodeAt(start + 7) === 45 &&
    text.charCodeAt(start - 1) !== 43
  );
}

/** Space, brackets, `-`, `.` and `/`. */
function isSeparator(code: number): boolean {
  return code === 32 || code === 40 || code === 41 || (code >= 45 && code <= 47);
}

function matchPlain(
  text: string,
  start: number,
  end: number,
  rules: NumberRules,
  matches: MatchList,
): void {
  if (end - start > maximumPlainCard || isAlphanumeric(text.charCodeAt(end))) return;
  if (!isTokenStart(text, start)) return;
  const rule = plainRule(text, start, end, rules);
  if (rule < 0 || isWithinUuid(text, start)) return;
  const signed = rule === rules.phone && text.charCodeAt(start - 1) === 43;
  addMatch(matches, signed ? start - 1 : start, end, rule);
}

function plainRule(text: string, start: number, end: number, rules: NumberRules): number {
  const length = end - start;
  if (rules.paymentCard >= 0 && length >= 13 && !isFraction(text, end)) {
    if (isPaymentCard(text.slice(start, end))) return rules.paymentCard;
  }
  if (length > maximumPhone) return -1;
  if (rules.phone >= 0 && length >= 9 && text.charCodeAt(start - 1) === 43) {
    return text.charCodeAt(start) === 48 ? -1 : rules.phone;
  }
  return ruleByContext(text, start, end, rules);
}

/** `4111111111111111.5` is no card number. */
function isFraction(text: string, end: number): boolean {
  return text.charCodeAt(end) === 46 && isDigit(text.charCodeAt(end + 1));
}

function ruleByContext(text: string, start: number, end: number, rules: NumberRules): number {
  const context = contextBefore(text, start);
  if (context === "phone") return rules.phone;
  if (context !== "ssn") return -1;
  return isSocialSecurityNumber(text.slice(start, end).replace(/\D/g, ""))
    ? rules.socialSecurityNumber
    : -1;
}

function matchGroups(run: NumberRun, rules: NumberRules, matches: MatchList): void {
  let group = 0;
  while (group < run.size) group += matchGroup(run, group, rules, matches) || 1;
}

/** Records what begins at a group and returns how many groups it took. */
function matchGroup(run: NumberRun, group: number, rules: NumberRules, matches: MatchList): number {
  const { text } = run;
  const start = run.start(group);
  if (!isTokenStart(text, start)) return 0;
  const before = text.charCodeAt(start - 1);
  // Not the rest of something longer: `A-123-45-6789`, `1.123-45-6789`, `_0171 1234567`.
  const joined = isJoiner(before) && start > 1 && !isTokenStart(text, start - 1);
  let count = 0;
  let rule = -1;
  // The digits after a decimal point are no card number, whatever their check digit.
  if (rules.paymentCard >= 0 && !(joined && before === 46)) {
    count = cardGroups(run, group);
    rule = rules.paymentCard;
  }
  if (count === 0 && joined) return 0;
  if (count === 0 && rules.socialSecurityNumber >= 0) {
    count = socialSecurityGroups(run, group);
    rule = rules.socialSecurityNumber;
  }
  if (count === 0 && rules.phone >= 0) {
    count = phoneGroups(run, group, before);
    rule = rules.phone;
  }
  if (count === 0) {
    count = contextGroups(run, group);
    const last = run.end(group + count - 1);
    rule = count === 0 ? -1 : ruleByContext(text, start, last, rules);
  }
  if (count === 0 || rule < 0) return 0;
  const end = run.end(group + count - 1);
  if (isAlphanumeric(text.charCodeAt(end)) || isWithinUuid(text, start)) return 0;
  const opened = before === 43 || (before === 40 && rule === rules.phone);
  addMatch(matches, opened ? start - 1 : start, end, rule);
  return count;
}

/** `-`, `.` and `_`. */
function isJoiner(code: number): boolean {
  return code === 45 || code === 46 || code === 95;
}

/** How many groups a phone number could have that only the word before it gives away. */
function contextGroups(run: NumberRun, group: number): number {
  const first = run.text.charCodeAt(run.start(group) - 1);
  if (group > 0 && isDigit(run.text.charCodeAt(run.start(group) - 2)) && first !== 32) return 0;
  let count = 0;
  let digits = 0;
  while (
    count < maximumContextGroups &&
    run.length(group + count) > 0 &&
    digits + run.length(group + count) <= maximumPhone
  ) {
    digits += run.length(group + count);
    count++;
  }
  return digits >= 7 ? count : 0;
}
