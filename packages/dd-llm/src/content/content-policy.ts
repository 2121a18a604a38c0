import type { Diagnostics, Environment } from "@llmdevops/dd-core";
import { refused } from "@llmdevops/dd-core/options";
import { type ContentSamplingOptions, checkContentSampling } from "./content-sampling.ts";
import type { ContentKind } from "./policy-of-call.ts";

/** How much of prompts and responses is recorded. */
export type ContentMode = "none" | "metadata" | "preview" | "full";

/** Parts of a call that may be shown less of than the rest. */
export type ContentPart = "prompt" | "response" | "system" | "tools";

/** Options for recording content; nothing is recorded unless it is asked for. */
export interface ContentOptions {
  /**
   * `none` records nothing, `metadata` lengths and hashes, `preview` also the beginning, `full` also the whole
   * text in LLM Observability. Content is always redacted. Environment: `DD_LLMDEVOPS_CONTENT`, where anything
   * unknown counts as `none`.
   * @default "none"
   */
  readonly mode?: ContentMode;
  /** Modes of single kinds of spans, in place of `mode`. @default {} */
  readonly kinds?: Readonly<Partial<Record<ContentKind, ContentMode>>>;
  /**
   * Most that is shown of single parts, whatever the mode is: prompts, responses, system prompts, and what tools are
   * given and give back. @default {}
   */
  readonly parts?: Readonly<Partial<Record<ContentPart, ContentMode>>>;
  /** Keeps the content of some calls only, and of those that fail. @default of all */
  readonly sampling?: ContentSamplingOptions;
  /** Longest preview (UTF-16 code units, 1 to 5000). @default 500 */
  readonly previewLength?: number;
  /** Makes the hash of a text keyed, so that only holders of the key can test a guess; not empty. @default none */
  readonly hashKey?: string;
}

/** The policy in use. */
export interface ContentPolicy {
  readonly kinds: Readonly<Partial<Record<ContentKind, ContentMode>>>;
  readonly parts: Readonly<Partial<Record<ContentPart, ContentMode>>>;
  readonly sampling: ContentSamplingOptions | undefined;
  readonly mode: ContentMode;
  readonly previewLength: number;
  readonly hashKey: string | undefined;
}

/** From the least to the most that is shown. */
export const contentModes: readonly ContentMode[] = ["none", "metadata", "preview", "full"];
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
  if (typeof options !== "object" || options === null) {
    throw refused({ option: "content", expected: "an object", given: options });
  }
  const { previewLength = 500, hashKey } = options;
  if (!Number.isInteger(previewLength) || previewLength < 1 || previewLength > maximumPreview) {
    const expected = `a whole number from 1 to ${maximumPreview}`;
    throw refused({ option: "content.previewLength", expected, given: previewLength });
  }
  if (hashKey !== undefined && (typeof hashKey !== "string" || hashKey === "")) {
    const expected = "a text that is not empty";
    throw refused({ option: "content.hashKey", expected, given: hashKey });
  }
  const mode =
    options.mode === undefined
      ? modeOfEnvironment(environment[variable], diagnostics)
      : knownMode(options.mode);
  if (mode === undefined) {
    const expected = `one of ${contentModes.join(", ")}`;
    throw refused({ option: "content.mode", variable, expected, given: options.mode });
  }
  const { kinds = {}, parts = {}, sampling } = options;
  checkModes("kinds", kinds, ["llm", "embedding", "retrieval", "task", "tool", "workflow"]);
  checkModes("parts", parts, ["prompt", "response", "system", "tools"]);
  if (sampling !== undefined) checkContentSampling(sampling);
  return { mode, previewLength, hashKey, kinds: { ...kinds }, parts: { ...parts }, sampling };
}

function modeOfEnvironment(value: string | undefined, diagnostics: Diagnostics): ContentMode {
  const text = value?.trim().toLowerCase();
  if (!text) return "none";
  const mode = knownMode(text);
  if (mode === undefined) {
    diagnostics.count("content_mode_unknown");
    diagnostics.warnOnce(
      "content-mode-unknown",
      `The variable ${variable} is not one of ${contentModes.join(", ")}, so no content is recorded.`,
    );
  }
  return mode ?? "none";
}

function knownMode(text: unknown): ContentMode | undefined {
  return contentModes.find((mode) => mode === text);
}

function checkModes(option: string, given: object, names: readonly string[]): void {
  for (const [name, mode] of Object.entries(given)) {
    if (!names.includes(name)) {
      const expected = `given for ${names.join(", ")} only`;
      throw refused({ option: `content.${option}`, expected, given: name });
    }
    if (knownMode(mode) !== undefined) continue;
    const expected = `one of ${contentModes.join(", ")}`;
    throw refused({ option: `content.${option}.${name}`, expected, given: mode });
  }
}
