/** Hands out a credential when it is needed, so that rotation needs no restart. */
export interface CredentialProvider {
  /**
   * Returns the current value of a credential.
   *
   * @param name The credential's environment-variable name, for example `DD_API_KEY`.
   * @returns The value, or `undefined` when there is none.
   */
  getCredential(name: string): string | undefined;
}

/**
 * Reads credentials from environment variables at the moment they are asked for.
 *
 * @param environment The variables to read. @default process.env
 * @example
 * ```ts
 * const apiKey = environmentCredentialProvider().getCredential("DD_API_KEY");
 * ```
 */
export function environmentCredentialProvider(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CredentialProvider {
  return {
    getCredential: (name) => (Object.hasOwn(environment, name) && environment[name]) || undefined,
  };
}
