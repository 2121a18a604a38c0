/** What a tag or a text may be compared with. */
export type ExpectedValue = string | number | boolean | RegExp | ((value: unknown) => boolean);

/**
 * Whether a value is what is expected. A number equals its text, and a boolean equals 1 or 0, as which dd-trace
 * sends it.
 */
export function isExpected(value: unknown, expected: ExpectedValue): boolean {
  if (value === undefined) return false;
  if (typeof expected === "function") return expected(value) === true;
  if (expected instanceof RegExp)
    return new RegExp(expected.source, flagsOf(expected)).test(String(value));
  if (typeof expected === "boolean" && typeof value === "number") return value === Number(expected);
  return value === expected || String(value) === String(expected);
}

/** Without the flags that make a pattern remember where it was. */
function flagsOf(pattern: RegExp): string {
  return pattern.flags.replace(/[gy]/g, "");
}

/** An expected value in a message. */
export function showExpected(expected: unknown): string {
  if (typeof expected === "function") return "a value that satisfies the predicate";
  if (expected instanceof RegExp) return String(expected);
  if (typeof expected === "bigint") return `${expected}n`;
  const text = JSON.stringify(expected) ?? String(expected);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
