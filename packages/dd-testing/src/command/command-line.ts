import { parseArgs } from "node:util";

/** What the command was asked for and cannot do; its message is for the person who asked. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError";
}

/** Options of a command, by name without dashes. */
export type CommandOptions = Readonly<Record<string, string | undefined>>;

/** What a command can be given. */
export interface CommandLineForm {
  /** Options that take a value. */
  readonly values: readonly string[];
  /** Options that are there or not. */
  readonly flags: readonly string[];
  /** Whether anything may follow that is no option. */
  readonly takesOperands?: boolean;
}

/**
 * Reads the options of a command.
 *
 * @throws CommandLineError for an option that the command does not have, or one without a value.
 */
export function readOptions(
  commandArguments: readonly string[],
  { values: names, flags, takesOperands = false }: CommandLineForm,
): {
  readonly options: CommandOptions;
  readonly flags: ReadonlySet<string>;
  readonly operands: readonly string[];
} {
  try {
    const { values, positionals } = parseArgs({
      args: [...commandArguments],
      options: Object.fromEntries([
        ...names.map((name) => [name, { type: "string" as const }] as const),
        ...flags.map((name) => [name, { type: "boolean" as const }] as const),
      ]),
      allowPositionals: takesOperands,
      strict: true,
    });
    const given = Object.entries(values as Readonly<Record<string, string | boolean | undefined>>);
    return {
      options: Object.fromEntries(
        given.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
      ),
      flags: new Set(given.filter(([, value]) => value === true).map(([name]) => name)),
      operands: positionals,
    };
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The address of an Agent; absent where none is given.
 *
 * @throws CommandLineError for something else than an address of HTTP.
 */
export function readUrl(options: CommandOptions): string | undefined {
  const { url } = options;
  if (url === undefined || /^https?:$/.test(URL.parse(url)?.protocol ?? "")) return url;
  throw new CommandLineError(`--url must be an http: or https: address, not ${url}`);
}

/**
 * The number of an option.
 *
 * @throws CommandLineError for something else than a number of that range.
 */
export function readNumber(
  options: CommandOptions,
  name: string,
  fallback: number,
  range: { readonly from: number; readonly to: number },
): number {
  const text = options[name];
  if (text === undefined) return fallback;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= range.from && value <= range.to) return value;
  throw new CommandLineError(
    `--${name} must be a number from ${range.from} to ${range.to}, not ${text}`,
  );
}
