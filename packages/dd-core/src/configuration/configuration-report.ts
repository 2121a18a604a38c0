import type { TagGuard } from "../guard/tag-guard.ts";
import type { Configuration } from "./configuration.ts";
import type { SettingReport } from "./setting.ts";

/** The settings in use, to be printed: `String(report)` is one line for each setting. */
export interface ConfigurationReport {
  /** Every setting with its value and where it came from, by option path; credentials are never part of it. */
  readonly settings: Readonly<Record<string, SettingReport>>;
  /** The settings as text, one a line. */
  toString(): string;
}

/** Makes a report in which every text has passed the guard. */
export function reportConfiguration(
  { settings }: Configuration,
  guard: TagGuard,
): ConfigurationReport {
  const guarded: Record<string, SettingReport> = {};
  for (const [path, report] of Object.entries(settings)) {
    const { value } = report;
    guarded[path] = typeof value === "string" ? { ...report, value: guard.text(value) } : report;
  }
  return Object.freeze({
    settings: Object.freeze(guarded),
    toString: () => Object.entries(guarded).map(line).join("\n"),
  });
}

function line([path, { value, source, variable }]: [string, SettingReport]): string {
  const from = source === "environment" && variable !== undefined ? variable : source;
  return `${path} = ${value === undefined ? "-" : String(value)} (${from})`;
}
