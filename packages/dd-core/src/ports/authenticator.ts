import type { CredentialProvider } from "./credential-provider.ts";

/** Adds what a request to Datadog needs to be accepted. */
export interface Authenticator {
  /**
   * Returns the headers that authenticate one request; empty when the receiver needs none, as a local Agent.
   */
  authenticate(): Readonly<Record<string, string>>;
}

/**
 * Authenticates direct submission to Datadog with the API key (`DD-API-KEY` header,
 * {@link https://docs.datadoghq.com/api/latest/authentication/}).
 *
 * @param credentials Where the key comes from; asked at every request, so that a new key is used at once.
 * @returns An authenticator whose headers are empty while there is no key.
 * @example
 * ```ts
 * import { apiKeyAuthenticator, fileCredentialProvider } from "@llmdevops/dd-core";
 *
 * const credentials = fileCredentialProvider({ directory: "/var/run/secrets/datadog" });
 * const headers = apiKeyAuthenticator(credentials).authenticate();
 * ```
 */
export function apiKeyAuthenticator(credentials: CredentialProvider): Authenticator {
  return {
    authenticate() {
      const key = credentials.getCredential("DD_API_KEY");
      return key === undefined ? {} : { "DD-API-KEY": key };
    },
  };
}
