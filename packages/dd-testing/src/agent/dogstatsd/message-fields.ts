/** Thrown inside the DogStatsD parser for a message that the Agent refuses. */
export class DogstatsdMessageError extends Error {}

/** The tags of a `#` field; empty tags between commas are kept, as in the Agent. */
export function parseTags(field: string): string[] {
  return field === "" ? [] : field.split(",");
}

const digits = "\\d+(?:_\\d+)*";
const decimal = new RegExp(
  `^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:[eE][+-]?${digits})?$`,
);
const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/;

/**
 * Reads a number as Go's `strconv.ParseFloat` does (https://pkg.go.dev/strconv#ParseFloat): decimal or hexadecimal, with
 * `_` between decimal digits, infinite, or no number.
 *
 * @throws DogstatsdMessageError when the text is no number or does not fit a 64-bit float.
 */
export function parseFloat64(text: string): number {
  const value = decimal.test(text) ? Number(text.replaceAll("_", "")) : readHexadecimal(text);
  if (value !== undefined) {
    if (Number.isFinite(value)) return value;
    throw new DogstatsdMessageError(`number out of range: ${quote(text)}`);
  }
  const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i.exec(text);
  if (special === null || (special[1] !== "" && special[2] !== undefined)) {
    throw new DogstatsdMessageError(`not a number: ${quote(text)}`);
  }
  if (special[2] !== undefined) return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function readHexadecimal(text: string): number | undefined {
  const [, sign, whole = "", fraction = "", exponent] = hexadecimal.exec(text) ?? [];
  if (whole + fraction === "") return undefined;
  const magnitude = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -magnitude : magnitude;
}

const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 63n - 1n;

/**
 * Reads a whole number of decimal digits that fits 64 bits; beyond 2^53 the nearest that JavaScript has.
 *
 * @throws DogstatsdMessageError for anything else.
 */
export function parseInteger(text: string): number {
  if (/^[+-]?\d{1,40}$/.test(text)) {
    const value = BigInt(text.replace("+", ""));
    if (value >= smallestInteger && value <= largestInteger) return Number(value);
  }
  throw new DogstatsdMessageError(`not an integer: ${quote(text)}`);
}

/** Quotes untrusted text for a message, cut to a readable length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
