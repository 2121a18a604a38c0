import {
  type ContentMode,
  type ContentPart,
  type ContentPolicy,
  contentModes,
} from "./content-policy.ts";

/** The kinds of spans that may have a content mode of their own. */
export type ContentKind = "llm" | "embedding" | "retrieval" | "task" | "tool" | "workflow";

/**
 * The policy of one call: its own mode, else that of its kind, else that of all. An unknown mode counts as `none`, so
 * that a spelling error exposes nothing.
 */
export function policyOfCall(
  policy: ContentPolicy,
  kind: ContentKind,
  own: ContentMode | undefined,
): ContentPolicy {
  const mode = own ?? policy.kinds[kind];
  if (mode === undefined || mode === policy.mode) return policy;
  return { ...policy, mode: contentModes.includes(mode) ? mode : "none" };
}

/** The policy of one part: what the call may show, lowered to what the part may. */
export function policyOfPart(policy: ContentPolicy, part: ContentPart): ContentPolicy {
  const limit = policy.parts[part];
  if (limit === undefined || contentModes.indexOf(limit) >= contentModes.indexOf(policy.mode)) {
    return policy;
  }
  return { ...policy, mode: limit };
}
