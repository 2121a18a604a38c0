import { ConfigurationError, type Diagnostics, type Environment } from "@llmdevops/dd-core";

/** How much of prompts and responses is recorded. */
export type ContentMode = "none" | "metadata" | "preview" | "full";

/** Options for recording content; nothing is recorded unless it is asked for. */
export interface ContentOptions {
  /**
   * `none` records nothing, `metadata` lengths and hashes, `preview` also the beginning, `full` also the whole
   * text in LLM Observability. Content is always redacted. Environment: `DD_LLMDEVOPS_CONTENT`, where anything
   * unknown counts as `none`.
   * @default "none"
   */
  readonly mode?: ContentMode;
  /** Longest preview (UTF-16 code units, 1 to 5000). @default 500 */
  readonly previewLength?: number;
  /** Makes the hash of a text keyed, so that only holders of the key can test a guess; not empty. @default none */
  readonly hashKey?: string;
}

/** The policy in use. */
export interface ContentPolicy {
  readonly mode: ContentMode;
  readonly previewLength: number;
  readonly hashKey: string | undefined;
}

const modes: readonly ContentMode[] = ["none", "metadata", "preview", "full"];
const variable = "DD_LLMDEVOPS_CONTENT";
const maximumPreview = 5_000;

/**
 * Resolves the options; a spelling error never exposes anything.
 *
 * @throws {ConfigurationError} When an option is wrong. A wrong environment variable is reported and counts as `none`.
 */
export function resolveContentPolicy(
  options: ContentOptions,
  diagnostics: Diagnostics,
  environment: Environment = process.env,
): ContentPolicy {
  const { previewLength = 500, hashKey } = options;
  if (!Number.isInteger(previewLength) || previewLength < 1 || previewLength > maximumPreview) {
    throw new ConfigurationError(
      `The option content.previewLength must be an integer from 1 to ${maximumPreview}.`,
    );
  }
  if (hashKey !== undefined && (typeof hashKey !== "string" || hashKey === "")) {
    throw new ConfigurationError("The option content.hashKey must be a text that is not empty.");
  }
  const mode =
    options.mode === undefined
      ? modeOfEnvironment(environment[variable], diagnostics)
      : knownMode(options.mode);
  if (mode === undefined) {
    throw new ConfigurationError(`The option content.mode must be one of ${modes.join(", ")}.`);
  }
  return { mode, previewLength, hashKey };
}

function modeOfEnvironment(value: string | undefined, diagnostics: Diagnostics): ContentMode {
  const text = value?.trim().toLowerCase();
  if (!text) return "none";
  const mode = knownMode(text);
  if (mode === undefined) {
    diagnostics.count("content_mode_unknown");
    diagnostics.warnOnce(
      "content-mode-unknown",
      `${variable} is not one of ${modes.join(", ")}, so no content is recorded.`,
    );
  }
  return mode ?? "none";
}

function knownMode(text: string): ContentMode | undefined {
  return modes.find((mode) => mode === text);
}
