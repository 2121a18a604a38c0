import type { CheckReport, CheckStatus } from "./check-item.ts";

const colors: Readonly<Record<CheckStatus, number>> = { ok: 32, info: 36, warning: 33, error: 31 };
const topicWidth = 18;
const statusWidth = 8;

/** The check for people: one line for each finding, and one for what to do about it. */
export function printCheck({ items }: CheckReport, isColored: boolean): string {
  const lines = items.flatMap(({ topic, status, finding, remedy }) => {
    const mark = status.padEnd(statusWidth);
    const shown = isColored ? `\u001b[${colors[status]}m${mark}\u001b[0m` : mark;
    const line = `${shown} ${topic.padEnd(topicWidth)} ${finding}`;
    const indent = " ".repeat(statusWidth + topicWidth + 2);
    return remedy === undefined ? [line] : [line, `${indent}→ ${remedy}`];
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
