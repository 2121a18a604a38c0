import type { MetricTags } from "@llmdevops/dd-core";
import type { CardinalityGuard } from "../cardinality/cardinality-guard.ts";
import type { TagRule, TagValue } from "../cardinality/tag-rule.ts";
import type { MetricContext } from "./metric-context.ts";

/** Longer values are cut on the wire; remembering them would cost memory. */
const maximumValueLength = 200;
/** About 6 MB; then the cache starts anew. */
const maximumNodes = 20_000;

/** A place in the tree of tags: where the tags of a call end there, it has their context. */
class TagNode {
  context: MetricContext | undefined;
  /** Nearly always the same key follows. */
  edge: TagEdge | undefined;
  edges: Map<string, TagEdge> | undefined;
}

/** One key that follows, and where its values lead. */
class TagEdge {
  readonly key: string;
  readonly rule: TagRule;
  readonly values = new Map<unknown, TagNode>();
  /** Where every value leads that is left out or replaced. */
  rest: TagNode | undefined;

  constructor(key: string, rule: TagRule) {
    this.key = key;
    this.rule = rule;
  }
}

/** What is known of one metric by the name that the application uses. */
class MetricNode {
  root: TagNode = new TagNode();
  frozenTags: object | undefined;
  frozenContext: MetricContext | undefined;
}

/** Makes the context of tags that are met for the first time. @returns `undefined` when there cannot be one. */
export type ResolveContext = (
  name: string,
  tags: MetricTags | undefined,
) => MetricContext | undefined;

/**
 * Finds the context of a name and tags without building a key: a tree that is walked by the tags' keys and values,
 * so that names, tags and secrets are checked only where a combination is new.
 */
export class ContextCache {
  readonly #cardinality: CardinalityGuard;
  readonly #resolve: ResolveContext;
  readonly #metrics = new Map<string, MetricNode>();
  #nodes = 0;

  constructor(cardinality: CardinalityGuard, resolve: ResolveContext) {
    this.#cardinality = cardinality;
    this.#resolve = resolve;
  }

  /** Forgets everything. */
  clear(): void {
    this.#metrics.clear();
    this.#nodes = 0;
  }

  /**
   * Finds or makes a context.
   *
   * @throws Whatever reading the tags throws.
   */
  find(name: string, tags: MetricTags | undefined): MetricContext | undefined {
    const metric = this.#metrics.get(name);
    if (metric === undefined) return this.#findIn(this.#addMetric(name), name, tags);
    if (tags !== undefined && tags === metric.frozenTags) return metric.frozenContext;
    return this.#findIn(metric, name, tags);
  }

  #findIn(
    metric: MetricNode,
    name: string,
    tags: MetricTags | undefined,
  ): MetricContext | undefined {
    if (tags === undefined || tags === null) {
      metric.root.context ??= this.#resolve(name, undefined);
      return metric.root.context;
    }
    // Only a plain object's properties are tags; anything else is refused where it is resolved.
    if (typeof tags !== "object" || Array.isArray(tags)) return this.#resolve(name, tags);
    let context: MetricContext | undefined;
    try {
      context = this.#walk(metric.root, tags, true)?.context;
    } catch {
      // A getter or a proxy; whoever formats the tags counts what cannot be read.
      return this.#resolve(name, tags);
    }
    if (context === undefined) return this.#add(metric, name, tags);
    if (isConstant(tags)) {
      metric.frozenTags = tags;
      metric.frozenContext = context;
    }
    return context;
  }

  #add(metric: MetricNode, name: string, tags: MetricTags): MetricContext | undefined {
    // A getter may answer differently each time, so each is read once.
    const snapshot = snapshotOf(tags);
    const node = snapshot === undefined ? undefined : this.#walk(metric.root, snapshot, false);
    if (node?.context !== undefined) return node.context;
    const context = this.#resolve(name, snapshot ?? tags);
    if (node !== undefined) node.context = context;
    return context;
  }

  /** @param counts Whether what is suppressed on the way is counted. */
  #walk(root: TagNode, tags: MetricTags, counts: boolean): TagNode | undefined {
    let node = root;
    for (const key of Object.keys(tags)) {
      let edge = node.edge;
      if (edge === undefined || edge.key !== key) edge = this.#edge(node, key);
      const value = tags[key];
      const next = edge.values.get(value) ?? this.#admit(edge, value, counts);
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }

  #edge(node: TagNode, key: string): TagEdge {
    const known = node.edges?.get(key);
    if (known !== undefined) return known;
    const edge = new TagEdge(key, this.#cardinality.rule(key));
    this.#nodes += 1;
    if (node.edge === undefined) node.edge = edge;
    else {
      node.edges ??= new Map();
      node.edges.set(key, edge);
    }
    return edge;
  }

  #admit(edge: TagEdge, value: unknown, counts: boolean): TagNode | undefined {
    if (!isCacheable(value)) return undefined;
    if (value !== undefined && value !== null) {
      const verdict = counts ? edge.rule.admit(value) : edge.rule.verdict(value);
      if (verdict !== "kept") {
        edge.rest ??= new TagNode();
        return edge.rest;
      }
    }
    if (this.#nodes >= maximumNodes) this.clear();
    this.#nodes += 1;
    const node = new TagNode();
    edge.values.set(value, node);
    return node;
  }

  #addMetric(name: string): MetricNode {
    const metric = new MetricNode();
    if (typeof name !== "string" || name.length > maximumValueLength * 2) return metric;
    if (this.#nodes >= maximumNodes) this.clear();
    this.#nodes += 1;
    this.#metrics.set(name, metric);
    return metric;
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

function snapshotOf(tags: MetricTags): MetricTags | undefined {
  try {
    return Object.fromEntries(Object.keys(tags).map((key) => [key, tags[key]]));
  } catch {
    return undefined;
  }
}

/** Whether tags can never say anything else: frozen, and without getters. */
function isConstant(tags: object): boolean {
  return (
    Object.isFrozen(tags) &&
    Object.values(Object.getOwnPropertyDescriptors(tags)).every((property) => "value" in property)
  );
}
