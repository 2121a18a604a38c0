/** Where the value of a setting came from. */
export type SettingSource = "option" | "environment" | "default";

/** One resolved setting as it is shown to people. */
export interface SettingReport {
  /** The value in use; secrets are masked before they get here. */
  readonly value: string | number | boolean | undefined;
  readonly source: SettingSource;
  /** The environment variable that can set it. */
  readonly variable?: string;
}

/** The environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Picks each setting by precedence (option, environment, default) and remembers where it came from. */
export class SettingReader {
  readonly #environment: Environment;
  readonly #reports: Record<string, SettingReport> = {};

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Reads a text setting; empty text counts as absent, as Datadog's libraries treat it. */
  text(path: string, option: string | undefined, variable: string): string | undefined {
    return this.#record(path, option || undefined, variable, (text) => text, undefined);
  }

  /** Reads a yes/no setting; `1`, `true`, `0` and `false` are understood, other text counts as absent. */
  flag(path: string, option: boolean | undefined, variable: string, fallback: boolean): boolean {
    return this.#record(path, option, variable, parseFlag, fallback);
  }

  /** Reads a number; the caller checks its range. Text that is no number is returned as `NaN`. */
  number(path: string, option: number | undefined, variable: string, fallback: number): number {
    return this.#record(path, option, variable, Number, fallback);
  }

  /** Notes a value that was derived from several settings. */
  derive(path: string, value: SettingReport["value"], source: SettingSource): void {
    this.#reports[path] = { value, source };
  }

  /** Everything that was read, by option path. */
  reports(): Readonly<Record<string, SettingReport>> {
    return this.#reports;
  }

  #record<T extends string | number | boolean, F extends T | undefined>(
    path: string,
    option: T | undefined,
    variable: string,
    parse: (text: string) => T | undefined,
    fallback: F,
  ): T | F {
    if (option !== undefined) {
      this.#reports[path] = { value: option, source: "option", variable };
      return option;
    }
    const text = this.#environment[variable]?.trim();
    const parsed = text ? parse(text) : undefined;
    if (parsed !== undefined) {
      this.#reports[path] = { value: parsed, source: "environment", variable };
      return parsed;
    }
    this.#reports[path] = { value: fallback, source: "default", variable };
    return fallback;
  }
}

function parseFlag(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "1") return true;
  if (lower === "false" || lower === "0") return false;
  return undefined;
}
