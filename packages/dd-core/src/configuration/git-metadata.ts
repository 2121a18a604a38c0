import type { Environment, SettingReader } from "./setting.ts";

/** Which source code runs: Datadog links stack traces and deployments to it. */
export interface GitOptions {
  /** The commit's full hash. Environment: `DD_GIT_COMMIT_SHA`. @default what dd-trace finds in `.git` */
  readonly commitSha?: string;
  /**
   * The repository's address; credentials in it are left out. Environment: `DD_GIT_REPOSITORY_URL`.
   * @default what dd-trace finds in `.git`
   */
  readonly repositoryUrl?: string;
}

/** The commit and the repository that are known, by option path `git`. */
export interface GitMetadata {
  /** The commit's full hash; `undefined` where it was not said. */
  readonly commitSha: string | undefined;
  /** The repository's address without credentials; `undefined` where it was not said. */
  readonly repositoryUrl: string | undefined;
}

/**
 * Reads what is said of the source code.
 *
 * @throws {ConfigurationError} When an option is no text.
 */
export function resolveGitMetadata(
  options: GitOptions | undefined,
  environment: Environment,
  settings: SettingReader,
): GitMetadata {
  const variable = "DD_GIT_REPOSITORY_URL";
  const address = settings.text("git.repositoryUrl", options?.repositoryUrl, variable);
  const repositoryUrl = address === undefined ? undefined : withoutCredentials(address);
  const isOption = Boolean(options?.repositoryUrl?.trim());
  const isVariable = !isOption && Boolean(environment[variable]?.trim());
  const source = isOption ? "option" : isVariable ? "environment" : "default";
  settings.derive("git.repositoryUrl", repositoryUrl, source, variable);
  const commitSha = settings.text("git.commitSha", options?.commitSha, "DD_GIT_COMMIT_SHA");
  return Object.freeze({ commitSha, repositoryUrl });
}

/** A repository's address without a user name or password. */
export function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/]*@/, "//");
}
