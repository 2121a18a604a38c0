import { hasDigits } from "../detection/character-features.ts";
import { hasLuhnCheckDigit } from "./luhn.ts";
import type { PatternRule } from "./pattern-scanner.ts";

const spanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
const finnishCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY";
const britishPrefixes = new Set(["BG", "GB", "NK", "KN", "TN", "NT", "ZZ"]);

/** Spain: the letter is the number modulo 23; X, Y, Z of foreigners count as 0, 1, 2. */
function isSpanish(id: string): boolean {
  const compact = id.replace(/[ -]/g, "");
  const digits = compact.slice(0, -1).replace(/[XYZ]/, (letter) => String("XYZ".indexOf(letter)));
  return spanishLetters[Number(digits) % 23] === compact.at(-1);
}

const italianOdd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10];
const italianOddRest = [22, 25, 24, 23];

/** Italy: codice fiscale, check character of the decree of 23 December 1976. */
function isItalian(id: string): boolean {
  let sum = 0;
  for (let index = 0; index < 15; index++) {
    const code = id.charCodeAt(index);
    const value = code >= 65 ? code - 65 : code - 48;
    sum += index % 2 === 1 ? value : ([...italianOdd, ...italianOddRest][value] ?? 0);
  }
  return String.fromCharCode(65 + (sum % 26)) === id[15];
}

/** France: the two last digits are 97 minus the number modulo 97. */
function isFrench(id: string): boolean {
  const compact = id.replace(/ /g, "");
  return 97n - (BigInt(compact.slice(0, 13)) % 97n) === BigInt(compact.slice(13));
}

/** Belgium: as France, with a 2 in front of births from 2000 on. */
function isBelgian(id: string): boolean {
  const digits = id.replace(/\D/g, "");
  const check = Number(digits.slice(9));
  const number = digits.slice(0, 9);
  return 97 - (Number(number) % 97) === check || 97 - (Number(`2${number}`) % 97) === check;
}

/** Finland: the character is the number modulo 31. */
function isFinnish(id: string): boolean {
  return finnishCharacters[Number(id.slice(0, 6) + id.slice(7, 10)) % 31] === id.at(-1);
}

/** European identity numbers whose form or check digit tells them from other numbers. */
export const nationalIdRules: readonly PatternRule[] = [
  {
    name: "national_id",
    needs: hasDigits,
    pattern: /\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/g,
    accept: (id) => !britishPrefixes.has(id.slice(0, 2)),
  },
  {
    name: "national_id",
    needs: hasDigits,
    pattern: /\b(?:\d{8}|[XYZ][ -]?\d{7})[ -]?[A-HJ-NP-TV-Z]\b/g,
    accept: isSpanish,
  },
  {
    name: "national_id",
    needs: hasDigits,
    pattern: /\b[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b/g,
    accept: isItalian,
  },
  {
    name: "national_id",
    needs: hasDigits,
    pattern: /\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d{2} ?\d{3} ?\d{3} ?\d{2}\b/g,
    accept: isFrench,
  },
  {
    name: "national_id",
    needs: hasDigits,
    pattern: /\b\d{2}\.(?:0\d|1[0-2])\.[0-3]\d-\d{3}\.\d{2}\b/g,
    accept: isBelgian,
  },
  {
    name: "national_id",
    needs: hasDigits,
    pattern: /\b\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4}\b/g,
    accept: (id) => hasLuhnCheckDigit(id.replace(/\D/g, "")),
  },
  {
    name: "national_id",
    needs: hasDigits,
    pattern: /\b[0-3]\d(?:0[1-9]|1[0-2])\d{2}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]\b/g,
    accept: isFinnish,
  },
];
