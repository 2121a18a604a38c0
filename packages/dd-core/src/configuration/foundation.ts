import { createRedactor, type Redactor, type RedactorOptions } from "@llmdevops/dd-redaction";
import { Diagnostics } from "../diagnostics/diagnostics.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";
import { TagGuard } from "../guard/tag-guard.ts";
import { standardErrorLogger, verboseStandardErrorLogger } from "../ports/logger.ts";
import { type Configuration, type CoreOptions, resolveConfiguration } from "./configuration.ts";

/** What every client of one application shares: settings, the guard, and where faults go. */
export interface Foundation {
  readonly configuration: Configuration;
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
}

/**
 * Resolves the options once for all clients that are to share them.
 *
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong.
 * @example
 * ```ts
 * const foundation = createFoundation({ service: "checkout" });
 * const tracing = createTracing({}, foundation);
 * ```
 */
export function createFoundation(options: CoreOptions = {}): Foundation {
  const configuration = resolveConfiguration(options);
  const logger = configuration.debug ? verboseStandardErrorLogger : standardErrorLogger;
  const diagnostics = new Diagnostics(options.logger ?? logger, options.onError);
  const guard = new TagGuard(redactorFor(options.redaction), diagnostics);
  return { configuration, guard, diagnostics };
}

function redactorFor(options: RedactorOptions | undefined): Redactor {
  try {
    return createRedactor(options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw new ConfigurationError(`The option redaction cannot be used: ${reason}`, { cause });
  }
}
