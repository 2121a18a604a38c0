import type { TagRule, TagValue } from "../cardinality/tag-rule.ts";
import type { MetricContext } from "./metric-context.ts";

/** Longer values are cut on the wire; remembering them would cost memory. */
export const maximumValueLength = 200;

/** A place in the tree of tags: where the tags of a call end there, it has their context. */
export class TagNode {
  context: MetricContext | undefined;
  /** Nearly always the same key follows. */
  edge: TagEdge | undefined;
  edges: Map<string, TagEdge> | undefined;
  /** The first text of a list that was here, key and value in one; often no other ever is. */
  text: string | undefined;
  /** Where it leads. */
  afterText: TagNode | undefined;
  /** Where other texts lead. */
  texts: Map<string, TagNode> | undefined;
}

/** One key that follows, and where its values lead. */
export class TagEdge {
  readonly key: string;
  readonly rule: TagRule;
  readonly values: Map<unknown, TagNode> = new Map();
  /** Where every value leads that is left out or replaced. */
  rest: TagNode | undefined;

  constructor(key: string, rule: TagRule) {
    this.key = key;
    this.rule = rule;
  }
}

/** Whether a value may stand for itself in the tree. */
export function isCacheable(value: unknown): value is TagValue | undefined | null {
  switch (typeof value) {
    case "string":
      return value.length <= maximumValueLength;
    case "number":
    case "boolean":
    case "undefined":
      return true;
    default:
      return value === null;
  }
}
