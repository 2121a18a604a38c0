import type { CheckReport, CheckStatus } from "./check-item.ts";
import { wrapText } from "./wrap-text.ts";

const colors: Readonly<Record<CheckStatus, number>> = { ok: 32, info: 36, warning: 33, error: 31 };
const topicWidth = 18;
const statusWidth = 8;
const indentWidth = statusWidth + topicWidth + 2;
/** Narrower terminals get whole lines. */
const narrowest = indentWidth + 30;

/**
 * The check for people: what was found by topic, and what to do about it.
 *
 * @param columns Width of the terminal; findings are broken at words to fit it. @default whole lines, as for a pipe
 */
export function printCheck(
  { items }: CheckReport,
  isColored: boolean,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const width = columns < narrowest ? Number.POSITIVE_INFINITY : columns - indentWidth;
  const indent = " ".repeat(indentWidth);
  const lines = items.flatMap(({ topic, status, finding, remedy }) => {
    const mark = status.padEnd(statusWidth);
    const shown = isColored ? `\u001b[${colors[status]}m${mark}\u001b[0m` : mark;
    const [first = "", ...rest] = wrapText(finding, width);
    const remedies =
      remedy === undefined
        ? []
        : wrapText(remedy, width - 2).map((line, index) => `${index === 0 ? "→" : " "} ${line}`);
    const below = [...rest, ...remedies].map((line) => `${indent}${line}`);
    return [`${shown} ${topic.padEnd(topicWidth)} ${first}`, ...below];
  });
  return [...lines, "", summary(items.map(({ status }) => status))].join("\n");
}

function summary(statuses: readonly CheckStatus[]): string {
  const errors = statuses.filter((status) => status === "error").length;
  const warnings = statuses.filter((status) => status === "warning").length;
  return `${count(errors, "error")}, ${count(warnings, "warning")}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
