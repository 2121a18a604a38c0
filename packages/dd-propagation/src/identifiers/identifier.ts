const decimalDigits = /^[0-9]{1,20}$/;
const sixteenHexDigits = /^[0-9a-f]{16}$/i;
const traceIdHexDigits = /^(?:[0-9a-f]{16}){1,2}$/i;
const wordRange = 0x1_0000_0000;
const million = 1_000_000;
const billion = 1_000_000_000;
const noUpperHalf = "0000000000000000";

/**
 * Turns a 64-bit id from Datadog's decimal form into 16 lower-case hexadecimal digits.
 *
 * @param decimal An unsigned integer from 0 to 2^64 - 1, without a sign.
 * @returns Sixteen digits, or `undefined` when the text is not such a number.
 * @example
 * ```ts
 * decimalToHex("987654321"); // "000000003ade68b1"
 * ```
 */
export function decimalToHex(decimal: string): string | undefined {
  if (!decimalDigits.test(decimal)) return undefined;
  // Two 32-bit halves, fed with six digits at a time so that every product stays exact in a double: this takes
  // a third of a BigInt's time, and ids are converted for every request.
  let upper = 0;
  let lower = 0;
  for (let start = 0; start < decimal.length; start += 6) {
    const digits = decimal.slice(start, start + 6);
    const scale = 10 ** digits.length;
    const product = lower * scale + Number(digits);
    const carry = Math.floor(product / wordRange);
    lower = product - carry * wordRange;
    upper = upper * scale + carry;
  }
  if (upper >= wordRange) return undefined;
  return wordToHex(upper) + wordToHex(lower);
}

/**
 * Turns 16 hexadecimal digits into Datadog's decimal form.
 *
 * @param hex Sixteen hexadecimal digits of either case.
 * @returns An unsigned decimal, or `undefined` when the text is anything else.
 * @example
 * ```ts
 * hexToDecimal("000000003ade68b1"); // "987654321"
 * ```
 */
export function hexToDecimal(hex: string): string | undefined {
  return sixteenHexDigits.test(hex) ? decimalOfHex(hex) : undefined;
}

/** As {@link hexToDecimal}, for digits that are known to be valid. */
export function decimalOfHex(hex: string): string {
  return decimalOfWords(wordOfHex(hex, 0), wordOfHex(hex, 8));
}

/** The unsigned decimal of an id's two 32-bit halves. */
export function decimalOfWords(upper: number, lower: number): string {
  // 21 bits above 32 are all that a double holds exactly.
  if (upper < 0x20_0000) return String(upper * wordRange + lower);
  // Long division by a thousand million, 16 bits at a time.
  const first = Math.floor(upper / billion);
  const second = (upper - first * billion) * 0x1_0000 + (lower >>> 16);
  const third = (second % billion) * 0x1_0000 + (lower & 0xffff);
  const quotient =
    (first * 0x1_0000 + Math.floor(second / billion)) * 0x1_0000 + Math.floor(third / billion);
  // With 21 bits above 32 the quotient has seven digits or more.
  const millions = Math.floor(quotient / million);
  return String(millions) + sixDigits(quotient - millions * million) + nineDigits(third % billion);
}

// A table, because a number that is new takes long to be written in decimal.
const threeDigits: readonly string[] = Array.from({ length: 1_000 }, (_, number) =>
  String(number).padStart(3, "0"),
);

function sixDigits(number: number): string {
  const thousands = Math.floor(number / 1_000);
  return `${threeDigits[thousands]}${threeDigits[number - thousands * 1_000]}`;
}

function nineDigits(number: number): string {
  const millions = Math.floor(number / million);
  return `${threeDigits[millions]}${sixDigits(number - millions * million)}`;
}

/**
 * Builds the 32-digit trace id that W3C headers carry from Datadog's two parts.
 *
 * @param traceId The lower 64 bits as an unsigned decimal (`x-datadog-trace-id`).
 * @param upperHex The upper 64 bits as 16 hexadecimal digits (`_dd.p.tid`).
 *   @default "0000000000000000", a 64-bit trace id
 * @returns Thirty-two lower-case digits, or `undefined` when a part is malformed or both are zero.
 * @example
 * ```ts
 * traceIdToHex("12379814468735227512", "640cfd8d00000000"); // "640cfd8d00000000abcdefab12345678"
 * ```
 */
export function traceIdToHex(traceId: string, upperHex: string = noUpperHalf): string | undefined {
  const lower = decimalToHex(traceId);
  if (lower === undefined || !sixteenHexDigits.test(upperHex)) return undefined;
  const hex = upperHex.toLowerCase() + lower;
  return isZero(hex) ? undefined : hex;
}

/**
 * Takes Datadog's decimal trace id, the lower 64 bits, out of a hexadecimal one.
 *
 * @param hex Sixteen or thirty-two hexadecimal digits of either case.
 * @returns The lower 64 bits as an unsigned decimal, or `undefined` when malformed or all zero.
 * @example
 * ```ts
 * traceIdFromHex("640cfd8d00000000abcdefab12345678"); // "12379814468735227512"
 * ```
 */
export function traceIdFromHex(hex: string): string | undefined {
  if (!traceIdHexDigits.test(hex) || isZero(hex)) return undefined;
  return decimalOfHex(hex.slice(-16));
}

/**
 * Takes the upper 64 bits of a trace id, as `_dd.p.tid` carries them.
 *
 * @param hex Sixteen or thirty-two hexadecimal digits of either case.
 * @returns Sixteen lower-case digits, or `undefined` when the trace id has only 64 bits.
 * @example
 * ```ts
 * traceIdUpperHex("640cfd8d00000000abcdefab12345678"); // "640cfd8d00000000"
 * ```
 */
export function traceIdUpperHex(hex: string): string | undefined {
  if (hex.length !== 32 || !traceIdHexDigits.test(hex)) return undefined;
  return upperOfTraceIdHex(hex.toLowerCase());
}

/** As {@link traceIdUpperHex}, for 32 lower-case digits that are known to be valid. */
export function upperOfTraceIdHex(hex: string): string | undefined {
  const upper = hex.slice(0, 16);
  return upper === noUpperHalf ? undefined : upper;
}

// A table, because Number.prototype.toString is slow for numbers above 2^31.
const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

function hexOfHalf(half: number): string {
  return `${hexOfByte[half >>> 8]}${hexOfByte[half & 0xff]}`;
}

/** Eight lower-case hexadecimal digits of a 32-bit number. */
export function wordToHex(word: number): string {
  return hexOfHalf(word >>> 16) + hexOfHalf(word & 0xffff);
}

/**
 * The number that eight hexadecimal digits of either case stand for. Digit by digit, which takes two thirds of the time
 * of `parseInt` and tells what is no digit.
 *
 * @param start The index of the first one.
 * @returns `NaN` where there are other characters, or none.
 */
export function wordOfHex(text: string, start: number): number {
  let word = 0;
  for (let index = start; index < start + 8; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) word = word * 16 + (code - 48);
    else if (code >= 97 && code <= 102) word = word * 16 + (code - 87);
    else if (code >= 65 && code <= 70) word = word * 16 + (code - 55);
    else return Number.NaN;
  }
  return word;
}

/** Tells whether an id consists of zeros only, which every format reads as "none". */
export function isZero(digits: string): boolean {
  for (let index = 0; index < digits.length; index += 1) {
    if (digits.charCodeAt(index) !== 48) return false;
  }
  return true;
}
