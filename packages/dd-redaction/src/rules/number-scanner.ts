import { hasManyDigits } from "../detection/character-features.ts";
import { isAlphanumeric, isDigit, isTokenStart } from "../detection/characters.ts";
import { addMatch, type MatchList } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";
import { NumberRun } from "./number-run.ts";
import { cardGroups, isPaymentCard } from "./payment-card.ts";
import { phoneGroups } from "./phone.ts";
import { isSocialSecurityNumber, socialSecurityGroups } from "./social-security-number.ts";

/** Rule indexes of the kinds this scanner tells apart; a negative index means off. */
export interface NumberRules {
  readonly paymentCard: number;
  readonly socialSecurityNumber: number;
  readonly phone: number;
}

const runPattern = /\d(?:[ ()./-]{0,3}\d){6,}/g;
const phoneWord =
  /(?:phone|mobile|cell|telephone|tel|fax|whatsapp|sms)(?:[ _-]?(?:number|num|no|nr))?[\s"'\\:=.#(+]{0,8}(?:is )?\+?$/i;
const socialSecurityWord =
  /(?:\bssn|social[ _-]?security)(?:[ _-]?(?:number|num|no|nr))?[\s"'\\:=.#]{0,8}(?:is )?$/i;
const contextWord = /phone|mobile|\bcell|\btel|\bfax|whatsapp|\bsms|ssn|social/i;
const contextLength = 40;

/** Scans one text; keeps what is only worth finding out once per text. */
class NumberScan {
  readonly #text: string;
  readonly #rules: NumberRules;
  #hasContext: boolean | undefined;

  constructor(text: string, rules: NumberRules) {
    this.#text = text;
    this.#rules = rules;
  }

  plain(start: number, end: number, matches: MatchList): void {
    const digits = end - start;
    if (digits > 16 || isAlphanumeric(this.#text.charCodeAt(end))) return;
    if (!isTokenStart(this.#text, start)) return;
    const rule = this.#plainRule(start, this.#text.slice(start, end));
    const signed = rule === this.#rules.phone && this.#text[start - 1] === "+";
    if (rule >= 0) addMatch(matches, start - (signed ? 1 : 0), end, rule);
  }

  #plainRule(start: number, digits: string): number {
    const { paymentCard, phone } = this.#rules;
    const length = digits.length;
    const fraction =
      this.#text[start + length] === "." && isDigit(this.#text.charCodeAt(start + length + 1));
    if (paymentCard >= 0 && length >= 13 && !fraction && isPaymentCard(digits)) return paymentCard;
    if (phone >= 0 && this.#text[start - 1] === "+" && length >= 9 && length <= 15) {
      return digits.startsWith("0") ? -1 : phone;
    }
    return this.#byContext(start, digits);
  }

  #byContext(start: number, digits: string): number {
    const { phone, socialSecurityNumber } = this.#rules;
    if (digits.length > 15 || (phone < 0 && socialSecurityNumber < 0)) return -1;
    this.#hasContext ??= contextWord.test(this.#text);
    if (!this.#hasContext) return -1;
    const before = this.#text.slice(Math.max(0, start - contextLength), start);
    if (
      socialSecurityNumber >= 0 &&
      isSocialSecurityNumber(digits) &&
      socialSecurityWord.test(before)
    ) {
      return socialSecurityNumber;
    }
    return phone >= 0 && phoneWord.test(before) ? phone : -1;
  }

  grouped(start: number, end: number, matches: MatchList): void {
    const run = new NumberRun(this.#text, start, end);
    let group = 0;
    while (group < run.size) {
      group += this.#matchAt(run, group, matches) || 1;
    }
  }

  #matchAt(run: NumberRun, group: number, matches: MatchList): number {
    const { paymentCard, socialSecurityNumber, phone } = this.#rules;
    const start = run.start(group);
    const before = this.#text[start - 1] ?? "";
    if (!isTokenStart(this.#text, start)) return 0;
    const joined = /[-.\w]/.test(before) && !isTokenStart(this.#text, start - 1);
    // The digits after a decimal point are no card number, whatever their check digit.
    let count = paymentCard >= 0 && !(joined && before === ".") ? cardGroups(run, group) : 0;
    if (this.#record(run, group, count, paymentCard, matches)) return count;
    if (joined) return 0;
    count = socialSecurityNumber >= 0 ? socialSecurityGroups(run, group) : 0;
    if (this.#record(run, group, count, socialSecurityNumber, matches)) return count;
    count = phone >= 0 ? phoneGroups(run, group, before) : 0;
    if (this.#record(run, group, count, phone, matches)) return count;
    return this.#matchByContext(run, group, matches);
  }

  #matchByContext(run: NumberRun, group: number, matches: MatchList): number {
    if (group > 0 && !/\s/.test(run.separator(group))) return 0;
    let count = 1;
    while (count < 6 && run.digits(group, count + 1).length <= 15 && run.length(group + count) > 0)
      count++;
    const digits = run.digits(group, count);
    const rule = digits.length >= 7 ? this.#byContext(run.start(group), digits) : -1;
    return rule >= 0 && this.#record(run, group, count, rule, matches) ? count : 0;
  }

  #record(run: NumberRun, group: number, count: number, rule: number, matches: MatchList): boolean {
    if (count === 0) return false;
    const end = run.end(group + count - 1);
    if (isAlphanumeric(this.#text.charCodeAt(end))) return false;
    const before = this.#text[run.start(group) - 1];
    const opened = before === "+" || before === "(";
    addMatch(matches, run.start(group) - (opened ? 1 : 0), end, rule);
    return true;
  }
}

/** Payment cards, social security numbers and phone numbers: one search for runs of digits. */
export function createNumberScanner(rules: NumberRules): Scanner {
  return {
    needs: hasManyDigits,
    minimumLength: 7,
    scan(text, matches) {
      const scan = new NumberScan(text, rules);
      let from = 0;
      runPattern.lastIndex = 0;
      while (runPattern.test(text)) {
        const end = runPattern.lastIndex;
        let start = end;
        while (start > from && isDigit(text.charCodeAt(start - 1))) start--;
        if (standsAlone(text, start)) {
          scan.plain(start, end, matches);
        } else {
          while (start > from && isRunCharacter(text.charCodeAt(start - 1))) start--;
          scan.grouped(start, end, matches);
        }
        from = end;
        runPattern.lastIndex = end;
      }
    },
  };
}

/** Whether no earlier group of digits is joined to the one that begins at `start`. */
function standsAlone(text: string, start: number): boolean {
  return (
    !isRunCharacter(text.charCodeAt(start - 1)) ||
    (start > 1 && !isRunCharacter(text.charCodeAt(start - 2)))
  );
}

function isRunCharacter(code: number): boolean {
  return isDigit(code) || code === 32 || code === 40 || code === 41 || (code >= 45 && code <= 47);
}
