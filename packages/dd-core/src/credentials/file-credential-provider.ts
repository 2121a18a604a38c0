import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../errors/configuration-error.ts";
import type { CredentialProvider } from "../ports/credential-provider.ts";

/** How {@link fileCredentialProvider} reads. */
export interface FileCredentialOptions {
  /** The directory that holds one file for each credential, named as the credential, as Kubernetes mounts secrets. */
  readonly directory: string;
  /** How long what was read is taken as current (ms), so that a rotation needs no restart. @default 10000 */
  readonly maxAgeMs?: number;
}

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
export function fileCredentialProvider(options: FileCredentialOptions): CredentialProvider {
  const { directory, maxAgeMs = 10_000 } = options;
  if (typeof directory !== "string" || directory === "") {
    throw new ConfigurationError("The option directory must be the path of a directory.");
  }
  if (typeof maxAgeMs !== "number" || !(maxAgeMs >= 0)) {
    throw new ConfigurationError("The option maxAgeMs must be a number of milliseconds from 0 on.");
  }
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
