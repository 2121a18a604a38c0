import { writeSync } from "node:fs";

const standardError = 2;

/** Writes one line to standard error at once, so that it stands before everything the application prints. */
export function sayLine(level: "INFO" | "ERROR", message: string): void {
  try {
    writeSync(standardError, `[llmdevops] ${level} ${message.replace(/[\r\n]+/g, " ")}\n`);
  } catch {
    // Standard error is closed, or full; the application must not notice.
  }
}
