import type { CardinalityGuard } from "../cardinality/cardinality-guard.ts";
import { maximumEntries, splitTag, type TagEntry, type Tags } from "../tag-entries.ts";
import type { MetricContext } from "./metric-context.ts";
import { isCacheable, maximumValueLength, TagEdge, TagNode } from "./tag-node.ts";

/** About 6 MB; then the cache starts anew. */
const maximumNodes = 20_000;

/** Of one metric; each was once looked at as a whole, which costs more than a walk. */
const maximumConstants = 64;

/** What is known of one metric by the name that the application uses. */
class MetricNode {
  root: TagNode = new TagNode();
  /** The constant tags that came last, and their context. */
  constantTags: object | undefined;
  constantContext: MetricContext | undefined;
  /** Where there are several: callers go to and fro between those of their models and tools. */
  constants: Map<object, MetricContext> | undefined;

  remember(tags: object, context: MetricContext): void {
    if (this.constantTags !== undefined && this.constantContext !== undefined) {
      this.constants ??= new Map([[this.constantTags, this.constantContext]]);
      if (this.constants.size >= maximumConstants) this.constants.clear();
      this.constants.set(tags, context);
    }
    this.constantTags = tags;
    this.constantContext = context;
  }
}

/** What a cache asks where a combination of name and tags is new. */
export interface ContextSource {
  /** Reads tags, each once. */
  read(tags: Tags): readonly TagEntry[];
  /** Makes the context. @returns `undefined` when there cannot be one. */
  resolve(name: string, tags: readonly TagEntry[]): MetricContext | undefined;
}

/**
 * Finds the context of a name and tags without building a key: a tree that is walked by the tags' keys and values,
 * so that names, tags and secrets are checked only where a combination is new.
 */
export class ContextCache {
  readonly #cardinality: CardinalityGuard;
  readonly #source: ContextSource;
  readonly #metrics = new Map<string, MetricNode>();
  #nodes = 0;

  constructor(cardinality: CardinalityGuard, source: ContextSource) {
    this.#cardinality = cardinality;
    this.#source = source;
  }

  /** Forgets everything. */
  clear(): void {
    this.#metrics.clear();
    this.#nodes = 0;
  }

  /**
   * Finds or makes a context.
   *
   * @throws Whatever looking at the tags as a whole throws.
   */
  find(name: string, tags: Tags | undefined): MetricContext | undefined {
    const metric = this.#metrics.get(name);
    if (metric === undefined) return this.#findIn(this.#addMetric(name), name, tags);
    if (tags !== undefined && tags === metric.constantTags) return metric.constantContext;
    return this.#findIn(metric, name, tags);
  }

  #findIn(metric: MetricNode, name: string, tags: Tags | undefined): MetricContext | undefined {
    if (tags === undefined || tags === null) {
      metric.root.context ??= this.#source.resolve(name, []);
      return metric.root.context;
    }
    const constant = metric.constants?.get(tags);
    if (constant !== undefined) return constant;
    let context: MetricContext | undefined;
    try {
      context = this.#walk(metric.root, name, tags)?.context;
    } catch {
      // A getter or a proxy; whoever reads the tags one by one counts what cannot be read.
    }
    if (context === undefined) return this.#add(metric, name, tags);
    if (isConstant(tags)) metric.remember(tags, context);
    return context;
  }

  #add(metric: MetricNode, name: string, tags: Tags): MetricContext | undefined {
    const entries = this.#source.read(tags);
    let node: TagNode | undefined = metric.root;
    for (const [key, value] of entries) {
      node = this.#next(node, key, value, undefined);
      if (node === undefined) break;
    }
    if (node?.context !== undefined) return node.context;
    const context = this.#source.resolve(name, entries);
    if (node !== undefined) node.context = context;
    return context;
  }

  /** @throws Whatever reading the tags throws. */
  #walk(root: TagNode, name: string, tags: Tags): TagNode | undefined {
    if (typeof tags !== "object") return undefined;
    if (Array.isArray(tags)) return this.#walkList(root, name, tags);
    const values = tags as Readonly<Record<string, unknown>>;
    const keys = Object.keys(values);
    if (keys.length > maximumEntries) return undefined;
    let node = root;
    for (const key of keys) {
      let edge = node.edge;
      if (edge === undefined || edge.key !== key) edge = this.#edge(node, key);
      const value = values[key];
      const next = edge.values.get(value) ?? this.#admit(edge, value, name);
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }

  #walkList(root: TagNode, name: string, tags: readonly unknown[]): TagNode | undefined {
    if (tags.length > maximumEntries) return undefined;
    let node = root;
    for (let index = 0; index < tags.length; index += 1) {
      const text = tags[index] as string;
      const known = node.text === text ? node.afterText : node.texts?.get(text);
      const next = known ?? this.#admitText(node, text, name);
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }

  #admitText(node: TagNode, text: unknown, name: string): TagNode | undefined {
    if (typeof text !== "string" || !isCacheable(text)) return undefined;
    const [key, value] = splitTag(text);
    const edge = this.#edge(node, key);
    const next = edge.values.get(value) ?? this.#admit(edge, value, name);
    // What is suppressed has no end of texts.
    if (next === undefined || next === edge.rest) return next;
    this.#grow();
    if (node.text === undefined) {
      node.text = text;
      node.afterText = next;
    } else {
      node.texts ??= new Map();
      node.texts.set(text, next);
    }
    return next;
  }

  #next(node: TagNode, key: string, value: unknown, name: string | undefined): TagNode | undefined {
    const edge = this.#edge(node, key);
    return edge.values.get(value) ?? this.#admit(edge, value, name);
  }

  #edge(node: TagNode, key: string): TagEdge {
    const known = node.edge?.key === key ? node.edge : node.edges?.get(key);
    if (known !== undefined) return known;
    const edge = new TagEdge(key, this.#cardinality.rule(key));
    this.#grow();
    if (node.edge === undefined) node.edge = edge;
    else {
      node.edges ??= new Map();
      node.edges.set(key, edge);
    }
    return edge;
  }

  /** @param name The metric, where it is counted what is suppressed. */
  #admit(edge: TagEdge, value: unknown, name: string | undefined): TagNode | undefined {
    if (!isCacheable(value)) return undefined;
    if (value !== undefined && value !== null) {
      const verdict =
        name === undefined
          ? edge.rule.verdict(value)
          : this.#cardinality.admit(edge.rule, value, name);
      if (verdict !== "kept") {
        edge.rest ??= new TagNode();
        return edge.rest;
      }
    }
    this.#grow();
    const node = new TagNode();
    edge.values.set(value, node);
    return node;
  }

  #addMetric(name: string): MetricNode {
    const metric = new MetricNode();
    if (typeof name !== "string" || name.length > maximumValueLength * 2) return metric;
    this.#grow();
    this.#metrics.set(name, metric);
    return metric;
  }

  #grow(): void {
    if (this.#nodes >= maximumNodes) this.clear();
    this.#nodes += 1;
  }
}

/** Whether tags can never say anything else: frozen, and without getters. */
function isConstant(tags: object): boolean {
  return (
    Object.isFrozen(tags) &&
    Object.values(Object.getOwnPropertyDescriptors(tags)).every((property) => "value" in property)
  );
}
