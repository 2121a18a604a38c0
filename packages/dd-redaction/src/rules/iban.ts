import { isAlphanumeric, isDigit, isTokenStart } from "../detection/characters.ts";

/** Length per country of the SWIFT IBAN registry, as `CCnn` with `nn` the length. */
const registry =
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 " +
  "DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 " +
  "IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 " +
  "MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 " +
  "SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

const lengthOfCountry = new Map(
  registry.split(" ").map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** ISO 13616: the rearranged number, letters as 10 to 35, is 1 modulo 97. */
function isIban(compact: string): boolean {
  if (lengthOfCountry.get(compact.slice(0, 2)) !== compact.length) return false;
  let remainder = 0;
  for (let index = 0; index < compact.length; index++) {
    const code = compact.charCodeAt((index + 4) % compact.length);
    const value = code >= 65 ? code - 55 : code - 48;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Letters and digits that may stand between the country code and the first run of digits. */
const longestLead = 12;

/** A range of a text, end exclusive. */
export interface IbanRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The international bank account number around a run of digits that begins at `digits`: every such
 * number holds one, with the country code (`DE89…`) or the bank's letters (`GB29 NWBK…`) before it.
 */
export function ibanAround(text: string, digits: number): IbanRange | undefined {
  const gap = isGap(text.charCodeAt(digits - 1)) ? 1 : 0;
  if (!isUpperCase(text.charCodeAt(digits - 1 - gap))) return undefined;
  const limit = Math.max(0, digits - longestLead);
  for (let start = digits - 2; start >= limit; start--) {
    if (!isUpperCase(text.charCodeAt(start)) || !isUpperCase(text.charCodeAt(start + 1))) continue;
    if (!isTokenStart(text, start)) continue;
    const end = ibanEnd(text, start);
    if (end !== -1) return { start, end };
  }
  return undefined;
}

function isUpperCase(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isGap(code: number): boolean {
  return code === 32 || code === 45;
}

function ibanEnd(text: string, start: number): number {
  const length = lengthOfCountry.get(text.slice(start, start + 2));
  if (length === undefined) return -1;
  let end = start;
  let compact = "";
  while (compact.length < length && end < text.length) {
    const code = text.charCodeAt(end);
    if (isDigit(code) || isUpperCase(code)) compact += text[end];
    else if (!isGap(code) || isGap(text.charCodeAt(end - 1))) return -1;
    end++;
  }
  return !isAlphanumeric(text.charCodeAt(end)) && isIban(compact) ? end : -1;
}
