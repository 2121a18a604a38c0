import { createRedactor, type Redactor, type RedactorOptions } from "@llmdevops/dd-redaction";
import { AuditLog } from "../audit/audit-log.ts";
import { Diagnostics } from "../diagnostics/diagnostics.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";
import { TagGuard } from "../guard/tag-guard.ts";
import { SpanNames } from "../naming/span-names.ts";
import type { CredentialProvider } from "../ports/credential-provider.ts";
import { standardErrorLogger, verboseStandardErrorLogger } from "../ports/logger.ts";
import { type Configuration, resolveSettings } from "./configuration.ts";
import { reportConfiguration } from "./configuration-report.ts";
import { coreOptionNames } from "./core-option-names.ts";
import type { CoreOptions } from "./core-options.ts";
import { unknownVariables } from "./known-variables.ts";
import { type ReadOptions, readOptions } from "./read-options.ts";
import { reportUnknown } from "./unknown-options.ts";

/** What every client of one application shares: settings, the guard, and where faults go. */
export interface Foundation {
  /** The settings in use. */
  readonly configuration: Configuration;
  /** What every value passes before it leaves the process. */
  readonly guard: TagGuard;
  /** Where faults are counted and reported. */
  readonly diagnostics: Diagnostics;
  /** Looks at the names that spans are given. @default nobody does */
  readonly names?: SpanNames | undefined;
  /** Where credentials come from. @default the environment */
  readonly credentials?: CredentialProvider | undefined;
  /** Where administrative events are recorded; `undefined` when that is off. */
  readonly audit?: AuditLog | undefined;
}

/**
 * Resolves the options once for all clients that are to share them.
 *
 * @param given See {@link CoreOptions}; what is unknown has no effect, and is warned of once.
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong.
 * @example
 * ```ts
 * const foundation = createFoundation({ service: "checkout" });
 * const tracing = createTracing({}, foundation);
 * ```
 */
export function createFoundation(given: CoreOptions = {}): Foundation {
  return foundationOf(readOptions<CoreOptions>(given, coreOptionNames));
}

/** The foundation of options that have been read already. */
export function foundationOf(read: ReadOptions<CoreOptions>): Foundation {
  const { options } = read;
  const resolved = resolveSettings(read, process.env);
  const logger = resolved.debug ? verboseStandardErrorLogger : standardErrorLogger;
  const diagnostics = new Diagnostics(
    options.logger ?? logger,
    options.onError,
    Date.now,
    resolved.debug,
  );
  reportUnknown(read.unknown, diagnostics);
  reportUnknown(unknownVariables(process.env), diagnostics);
  const redactor = redactorFor(options.redaction);
  const names = new SpanNames(diagnostics);
  const guard = new TagGuard(redactor, diagnostics, names);
  const configuration = guardedIdentity(resolved, guard);
  const { credentials, audit: sink } = options;
  const audit = sink && new AuditLog(sink, diagnostics, () => redactor.report());
  audit?.started(reportConfiguration(configuration, guard));
  return { configuration, guard, diagnostics, names, credentials, audit };
}

/** What goes out with everything, whoever has set it. */
function guardedIdentity(configuration: Configuration, guard: TagGuard): Configuration {
  const { service, env, version, llmobs } = configuration;
  return Object.freeze({
    ...configuration,
    service: guard.text(service),
    env: env && guard.text(env),
    version: version && guard.text(version),
    llmobs: Object.freeze({ ...llmobs, mlApp: guard.text(llmobs.mlApp) }),
  });
}

function redactorFor(options: RedactorOptions | undefined): Redactor {
  try {
    return createRedactor(options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw new ConfigurationError(`The option redaction cannot be used: ${reason}`, { cause });
  }
}
