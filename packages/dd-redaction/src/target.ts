/**
 * Where a text is about to go: span tags, log fields, metric tags, or model content
 * (prompts, completions, tool arguments).
 */
export type RedactionTarget = "tags" | "logs" | "metrics" | "content";

/** Every target, in the order used by reports. */
export const redactionTargets: readonly RedactionTarget[] = ["tags", "logs", "metrics", "content"];
