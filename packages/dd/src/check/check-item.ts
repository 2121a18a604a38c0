import type { ConfigurationReport } from "@llmdevops/dd-core";

/** How something stands: `ok`, worth knowing, worth changing, or broken. */
export type CheckStatus = "ok" | "info" | "warning" | "error";

/** One line of the check. */
export interface CheckItem {
  readonly topic: string;
  readonly status: CheckStatus;
  /** What was found. */
  readonly finding: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** Everything that the check has found. */
export interface CheckReport {
  /** Whether nothing is broken; warnings are allowed. */
  readonly ok: boolean;
  readonly items: readonly CheckItem[];
  /** Every setting with its value and where it came from; without credentials. */
  readonly settings: Settings;
}

/** Settings by the path of their option. */
export type Settings = ConfigurationReport["settings"];

/** The environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting as text, with the variable or option that it comes from. */
export function settingText(settings: Settings, path: string): string {
  const report = settings[path];
  if (report?.value === undefined) return `${path} is not set`;
  const { value, source, variable } = report;
  return `${path}=${value} (${source === "environment" ? (variable ?? source) : source})`;
}

/** Whether a setting is `true`. */
export function isOn(settings: Settings, path: string): boolean {
  return settings[path]?.value === true;
}
