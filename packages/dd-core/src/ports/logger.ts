import { Console } from "node:console";

/**
 * The logger that the packages write their own diagnostics to; pino, winston, bunyan and `console`
 * satisfy it by shape.
 *
 * Messages are bounded in rate and never contain a tag value, a prompt or a credential.
 */
export interface Logger {
  /** Writes one line about a fault. */
  error(message: string): void;
  /** Writes one line about what should be looked at. */
  warn(message: string): void;
  /** Writes one line about the ordinary course. */
  info(message: string): void;
  /** Writes one line of detail. */
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

/** The logger of `DD_TRACE_DEBUG=true`: all levels to standard error. */
export const verboseStandardErrorLogger: Logger = {
  ...standardErrorLogger,
  info: (message) => writeLine("INFO", message),
  debug: (message) => writeLine("DEBUG", message),
  trace: (message) => writeLine("TRACE", message),
};

let standardError: Console | undefined;

function writeLine(level: string, message: string): void {
  // A Console swallows the errors of a closed standard error, which a bare write turns into an uncaught exception.
  standardError ??= new Console({ stdout: process.stderr, stderr: process.stderr });
  standardError.error("%s", `[llmdevops] ${level} ${message.replace(/[\r\n]+/g, " ")}`);
}
