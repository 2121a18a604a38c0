/** Colours of a line. */
type Style = "bold" | "dim" | "green" | "red";

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
};

/** A stream that may be a terminal. */
export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Where a command writes. */
export interface Terminal {
  /** Writes what was asked for; goes on in a pipe. */
  write(text: string): void;
  /** Writes what is for a person only, beside the output. */
  note(text: string): void;
  /** Shows how far it is: one line that changes in a terminal, else a line each time. */
  progress(text: string): void;
  /** The text in a colour, where colours are wanted. */
  style(style: Style, text: string): string;
}

/**
 * Whether to write colours: where `FORCE_COLOR` says so, else in a terminal, unless `NO_COLOR` is set.
 *
 * Source: https://no-color.org and https://force-color.org
 */
export function wantsColour(
  stream: OutputStream,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: kind } = environment;
  if (forced !== undefined && forced !== "") return forced !== "0";
  if (refused !== undefined && refused !== "") return false;
  return stream.isTTY === true && kind !== "dumb";
}

/**
 * Makes the terminal of a command.
 *
 * @param output Takes the output.
 * @param errors Takes notes and progress.
 */
export function createTerminal(
  output: OutputStream,
  errors: OutputStream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isColoured = wantsColour(output, environment);
  let isLineOpen = false;
  const closeLine = (): void => {
    if (isLineOpen) errors.write("\n");
    isLineOpen = false;
  };
  return {
    write(text) {
      closeLine();
      output.write(text);
    },
    note(text) {
      closeLine();
      errors.write(text);
    },
    progress(text) {
      if (errors.isTTY !== true) {
        errors.write(`${text}\n`);
        return;
      }
      // Back to the start of the line, and what is left of the longer line before is erased.
      errors.write(`\r${text}\u001B[K`);
      isLineOpen = true;
    },
    style(style, text) {
      if (!isColoured) return text;
      const [on, off] = codes[style];
      return `\u001B[${on}m${text}\u001B[${off}m`;
    },
  };
}
