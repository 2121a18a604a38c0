import { always, hasDigits, hasPairSign } from "../detection/character-features.ts";
import type { PatternRule } from "./pattern-scanner.ts";

/** The value of a character is its position modulo 10 (49 CFR 565.15, table III). */
const vinValues = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** 49 CFR 565.15: the ninth character is the weighted sum modulo 11. */
function isVehicleId(vin: string): boolean {
  if (!/\d/.test(vin) || !/[A-Z]/.test(vin)) return false;
  let sum = 0;
  for (let index = 0; index < 17; index++) {
    sum += (vinValues.indexOf(vin[index] ?? "") % 10) * (vinWeights[index] ?? 0);
  }
  return (sum % 11 === 10 ? "X" : String(sum % 11)) === vin[8];
}

function hasFourDigits(value: string): boolean {
  return value.replace(/\D/g, "").length >= 4;
}

const month =
  "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";
const states =
  "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]";

/**
 * Those identifiers of the Safe Harbor list, 45 CFR 164.514(b)(2)(i), that a pattern can find and
 * that the other rules do not. Names, photographs and fingerprints are not among them.
 */
export const healthIdentifierRules: readonly PatternRule[] = [
  {
    name: "medical_record",
    needs: hasDigits,
    pattern:
      /\b(?:MRN|medical record|patient|chart)(?: (?:id|number|no\.?))?[ \t]{0,3}[:#=]{0,2}[ \t]{0,3}([A-Z0-9][A-Z0-9-]{3,19})(?![\w-])/gi,
    accept: hasFourDigits,
  },
  {
    // Medicare beneficiary identifier, format of the Centers for Medicare & Medicaid Services.
    name: "medical_record",
    needs: hasDigits,
    pattern:
      /\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b/g,
  },
  {
    name: "account_number",
    needs: hasDigits,
    pattern:
      /\b(?:account|acct|member|policy|licen[cs]e|certificate|claim|beneficiary|subscriber|plate)(?: (?:id|number|no\.?|num|plate))?[ \t]{0,3}[:#=]{0,2}[ \t]{0,3}([A-Z0-9][A-Z0-9-]{4,23})(?![\w-])/gi,
    accept: hasFourDigits,
  },
  {
    name: "vehicle_id",
    needs: hasDigits,
    pattern: /\b[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}\b/g,
    accept: isVehicleId,
  },
  {
    name: "device_id",
    needs: hasDigits,
    pattern:
      /\b(?:IMEI|serial|S\/N|UDI|device)(?: (?:id|number|no\.?))?[ \t]{0,3}[:#=]{0,2}[ \t]{0,3}([A-Z0-9][A-Z0-9-]{5,23})(?![\w-])/gi,
    accept: hasFourDigits,
  },
  {
    name: "url",
    needs: hasPairSign,
    pattern: /\b(?:https?|ftp):\/\/[^\s"'<>)\]}\\]{3,2048}/gi,
  },
  {
    name: "date",
    needs: hasDigits,
    pattern:
      /(?<![\w.-])(?:(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?|(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|[12]\d|3[01])[./-](?:(?:19|20)\d{2}|\d{2}))(?![\w]|[.-]\d)/g,
  },
  {
    name: "date",
    needs: always,
    pattern: new RegExp(
      `\\b(?:${month}\\.? \\d{1,2}(?:st|nd|rd|th)?(?:,? (?:19|20)\\d{2})?|\\d{1,2}(?:st|nd|rd|th)?\\.? (?:of )?${month}\\.?(?:,? (?:19|20)\\d{2})?)\\b`,
      "g",
    ),
  },
  {
    name: "age_over_89",
    needs: always,
    pattern: /\b(?:aged?|age is)[ :]{1,2}(9\d|1[0-4]\d)(?![\w.])/gi,
  },
  {
    name: "age_over_89",
    needs: always,
    pattern:
      /\b(?:9\d|1[0-4]\d)(?: |-)(?:years?|yrs?)(?: |-)old\b|\b(?:9\d|1[0-4]\d) ?(?:yo|y\/o)\b/gi,
  },
  {
    name: "zip_code",
    needs: hasDigits,
    pattern: new RegExp(`\\b(?:${states}),? {1,2}(\\d{5}(?:-\\d{4})?)(?![\\w-])`, "g"),
  },
  {
    name: "zip_code",
    needs: hasDigits,
    pattern: /\bzip(?: ?code)?[ :]{1,3}(\d{5}(?:-\d{4})?)(?![\w-])/gi,
  },
];
