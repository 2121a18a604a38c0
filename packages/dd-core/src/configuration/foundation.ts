import { createRedactor } from "@llmdevops/dd-redaction";
import { Diagnostics } from "../diagnostics/diagnostics.ts";
import { TagGuard } from "../guard/tag-guard.ts";
import { standardErrorLogger } from "../ports/logger.ts";
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
 */
export function createFoundation(options: CoreOptions = {}): Foundation {
  const configuration = resolveConfiguration(options);
  const diagnostics = new Diagnostics(options.logger ?? standardErrorLogger, options.onError);
  const guard = new TagGuard(createRedactor(options.redaction), diagnostics);
  return { configuration, guard, diagnostics };
}
