import type { CredentialProvider } from "../ports/credential-provider.ts";

/**
 * Asks a function of yours for credentials, for example one that reads a vault's cache. What it throws, and anything
 * but text, counts as no credential.
 *
 * @param read Called with the credential's environment-variable name whenever it is needed; it must not wait.
 * @example
 * ```ts
 * const credentials = functionCredentialProvider((name) => vault.cached(name));
 * ```
 */
export function functionCredentialProvider(
  read: (name: string) => string | undefined,
): CredentialProvider {
  return {
    getCredential(name) {
      try {
        const value: unknown = read(name);
        return typeof value === "string" && value !== "" ? value : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
