import type { ConfigurationError } from "../errors/configuration-error.ts";
import { refusalText, refused } from "./refusal.ts";

/** Where the value of a setting came from. */
export type SettingSource = "option" | "environment" | "default";

/** One resolved setting as it is shown to people. */
export interface SettingReport {
  /** The value in use; secrets are masked before they get here. */
  readonly value: string | number | boolean | undefined;
  /** Where the value came from, such as an option, the environment or the default. */
  readonly source: SettingSource;
  /** The environment variable that can set it. */
  readonly variable?: string;
}

/** The environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where else a text setting may come from, when neither its option nor its own variable has it. */
export interface TextFallback {
  readonly value: string | undefined;
  readonly variable: string;
}

/** A number and the values it may take. */
export interface NumberSetting {
  readonly option: unknown;
  readonly variable?: string;
  readonly fallback: number;
  readonly accepts: (value: number) => boolean;
  /** What is accepted, in words. */
  readonly expected: string;
  /** The error to throw. @default ConfigurationError */
  readonly refuse?: (message: string) => ConfigurationError;
}

/** Picks each setting by precedence (option, environment, default) and remembers where it came from. */
export class SettingReader {
  readonly #environment: Environment;
  readonly #reports: Record<string, SettingReport> = {};

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Reads a text setting; empty text counts as absent, as Datadog's libraries treat it. */
  text(
    path: string,
    option: unknown,
    variable: string,
    fallbacks: readonly TextFallback[] = [],
  ): string | undefined {
    if (option !== undefined && typeof option !== "string") {
      throw refused({ option: path, variable, expected: "text", given: option });
    }
    const given = option?.trim();
    if (given) return this.#note(path, given, "option", variable);
    const text = this.#variable(variable);
    if (text !== undefined) return this.#note(path, text, "environment", variable);
    for (const fallback of fallbacks) {
      if (fallback.value) {
        return this.#note(path, fallback.value, "environment", fallback.variable);
      }
    }
    return this.#note(path, undefined, "default", variable);
  }

  /** Reads a yes/no setting: a boolean option, or the text `1`, `true`, `0` or `false`. */
  flag(path: string, option: unknown, variable: string | undefined, fallback: boolean): boolean {
    if (typeof option === "boolean") return this.#note(path, option, "option", variable);
    if (option !== undefined) {
      throw refused({ option: path, variable, expected: "true or false", given: option });
    }
    const text = variable === undefined ? undefined : this.#variable(variable);
    if (text === undefined) return this.#note(path, fallback, "default", variable);
    const value = /^(true|1)$/i.test(text) || (/^(false|0)$/i.test(text) ? false : undefined);
    if (value === undefined) {
      throw refused({ option: path, variable, expected: "true, false, 1 or 0", given: text });
    }
    return this.#note(path, value, "environment", variable);
  }

  /** Reads a number and checks its range. */
  number(path: string, setting: NumberSetting): number {
    const { option, variable, fallback, accepts, expected } = setting;
    const text = variable === undefined ? undefined : this.#variable(variable);
    const source: SettingSource =
      option !== undefined ? "option" : text !== undefined ? "environment" : "default";
    const given = source === "option" ? option : source === "environment" ? text : fallback;
    const value = source === "environment" ? Number(text) : given;
    if (typeof value !== "number" || !accepts(value)) {
      const refusal = { option: path, variable, expected, given };
      throw setting.refuse?.(refusalText(refusal)) ?? refused(refusal);
    }
    return this.#note(path, value, source, variable);
  }

  /** Notes a value that was derived from several settings. */
  derive(
    path: string,
    value: SettingReport["value"],
    source: SettingSource,
    variable?: string,
  ): void {
    this.#note(path, value, source, variable);
  }

  /** Everything that was read, by option path. */
  reports(): Readonly<Record<string, SettingReport>> {
    return this.#reports;
  }

  #variable(name: string): string | undefined {
    return this.#environment[name]?.trim() || undefined;
  }

  #note<T extends SettingReport["value"]>(
    path: string,
    value: T,
    source: SettingSource,
    variable: string | undefined,
  ): T {
    this.#reports[path] = { value, source, ...(variable === undefined ? {} : { variable }) };
    return value;
  }
}
