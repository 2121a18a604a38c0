import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OptionNames } from "../configuration/option-names.ts";
import { readOptions } from "../configuration/read-options.ts";
import { refused } from "../configuration/refusal.ts";
import { warnUnknown } from "../configuration/unknown-options.ts";
import type { CredentialProvider } from "../ports/credential-provider.ts";
import { standardErrorLogger } from "../ports/logger.ts";

/** How {@link fileCredentialProvider} reads. */
export interface FileCredentialOptions {
  /** The directory that holds one file for each credential, named as the credential, as Kubernetes mounts secrets. */
  readonly directory: string;
  /** How long what was read is taken as current (ms), so that a rotation needs no restart. @default 10000 */
  readonly maxAgeMs?: number;
}

const names: OptionNames<FileCredentialOptions> = { directory: true, maxAgeMs: true };
const maximumRemembered = 64;
const validName = /^[A-Za-z0-9_.-]{1,128}$/;

/**
 * Reads credentials from mounted files, again when what was read is too old. A file that cannot be read at that moment,
 * as in the middle of a rotation, leaves the last value in force.
 *
 * @throws {ConfigurationError} When the options are wrong; reading never throws.
 * @example
 * ```ts
 * const credentials = fileCredentialProvider({ directory: "/var/run/secrets/datadog" });
 * credentials.getCredential("DD_API_KEY"); // the content of /var/run/secrets/datadog/DD_API_KEY
 * ```
 */
export function fileCredentialProvider(given: FileCredentialOptions): CredentialProvider {
  const { options, unknown } = readOptions<FileCredentialOptions>(given, names);
  const { directory, maxAgeMs = 10_000 } = options;
  if (typeof directory !== "string" || directory === "") {
    const expected = "the path of a directory";
    throw refused({ option: "directory", expected, given: directory, isOptional: false });
  }
  if (typeof maxAgeMs !== "number" || !(maxAgeMs >= 0)) {
    const expected = "a number of milliseconds from 0 on";
    throw refused({ option: "maxAgeMs", expected, given: maxAgeMs });
  }
  warnUnknown(unknown, standardErrorLogger);
  const remembered = new Map<string, { readonly value: string | undefined; readonly at: number }>();
  return {
    getCredential(name) {
      if (!validName.test(name) || /^\.+$/.test(name)) return undefined;
      const known = remembered.get(name);
      const now = performance.now();
      if (known !== undefined && now - known.at < maxAgeMs) return known.value;
      const value = contentOf(join(directory, name)) ?? known?.value;
      if (known !== undefined || remembered.size < maximumRemembered) {
        remembered.set(name, { value, at: now });
      }
      return value;
    },
  };
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}
