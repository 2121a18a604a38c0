/** Thrown inside the DogStatsD parser for a message that the Agent refuses. */
export class DogstatsdMessageError extends Error {}

/** The tags of a `#` field; empty tags between commas are kept, as in the Agent. */
export function parseTags(field: string): string[] {
  return field === "" ? [] : field.split(",");
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a number as Go's `strconv.ParseFloat` does, apart from hexadecimal floats.
 *
 * @throws DogstatsdMessageError when the text is no number or does not fit a 64-bit float.
 */
export function parseFloat64(text: string): number {
  if (decimal.test(text)) {
    const value = Number(text);
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

/**
 * Reads a whole number of decimal digits.
 *
 * @throws DogstatsdMessageError for anything else.
 */
export function parseInteger(text: string): number {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new DogstatsdMessageError(`not an integer: ${quote(text)}`);
  }
  return value;
}

/** Quotes untrusted text for a message, cut to a readable length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
