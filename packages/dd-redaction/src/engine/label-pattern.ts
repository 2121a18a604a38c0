import type { ActiveRule } from "./active-rule.ts";

/** Matches every label this redactor writes, so that redacting twice changes nothing. */
export function createLabelPattern(rules: readonly ActiveRule[]): RegExp {
  const labels = new Set(["[REDACTED]", "[REDACTION_FAILED]", ...rules.map(({ label }) => label)]);
  const alternatives = [...labels].map((label) => {
    const stem = escapePattern(label.replace(/(?:_REDACTED)?\]$/, ""));
    return `${escapePattern(label)}|${stem}:[0-9a-f]{16}\\]`;
  });
  return new RegExp(alternatives.join("|"), "g");
}

/** Escapes a text for use outside of a class of a regular expression, where a mode for Unicode refuses `\-`. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
