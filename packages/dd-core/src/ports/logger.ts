/**
 * The logger that the packages write their own diagnostics to; pino, winston, bunyan and `console`
 * satisfy it by shape.
 *
 * Messages are bounded in rate and never contain a tag value, a prompt or a credential.
 */
export interface Logger {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
  /** Most detailed level; used only where the logger has it. */
  trace?(message: string): void;
}

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
};

/** The default logger: warnings and errors to standard error, one line each. */
export const standardErrorLogger: Logger = {
  error: (message) => writeLine("ERROR", message),
  warn: (message) => writeLine("WARN", message),
  info: () => {},
  debug: () => {},
};

function writeLine(level: string, message: string): void {
  process.stderr.write(`[llmdevops] ${level} ${message}\n`);
}
