/** How much of prompts and responses is recorded. */
export type ContentMode = "none" | "metadata" | "preview" | "full";

/** Options for recording content; nothing is recorded unless it is asked for. */
export interface ContentOptions {
  /**
   * `none` records nothing, `metadata` lengths and hashes, `preview` also the beginning, `full` also the whole
   * text in LLM Observability. Content is always redacted. Environment: `DD_LLMDEVOPS_CONTENT`.
   * @default "none"
   */
  readonly mode?: ContentMode;
  /** Length of a preview (characters, 1 to 5000). @default 500 */
  readonly previewLength?: number;
  /** Makes the hash of a text keyed, so that only holders of the key can test a guess. @default none */
  readonly hashKey?: string;
}

/** The policy in use. */
export interface ContentPolicy {
  readonly mode: ContentMode;
  readonly previewLength: number;
  readonly hashKey: string | undefined;
}

const modes: readonly ContentMode[] = ["none", "metadata", "preview", "full"];

/** Resolves the options; an unknown mode counts as `none`, so that a spelling error never exposes anything. */
export function resolveContentPolicy(
  options: ContentOptions = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ContentPolicy {
  const wanted = options.mode ?? environment["DD_LLMDEVOPS_CONTENT"]?.trim().toLowerCase();
  const mode = modes.find((candidate) => candidate === wanted) ?? "none";
  const previewLength = Math.min(5_000, Math.max(1, Math.trunc(options.previewLength ?? 500)));
  return { mode, previewLength, hashKey: options.hashKey };
}
