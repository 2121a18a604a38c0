import { observedSpans, type SpanSource } from "../assertions/observed-span.ts";
import { type SpanNode, spanTrees } from "../assertions/span-tree.ts";

/** A span without what differs from run to run. */
export interface SnapshotSpan {
  /** Operation name, such as `llm.request`. */
  readonly name: string;
  /** Service that the span belongs to. */
  readonly service: string;
  /** What was worked on, such as `GET /users/:id`. */
  readonly resource: string;
  /** Kind of work in Datadog's sense, such as `llm`; may be empty. */
  readonly type: string;
  /** Whether it failed. */
  readonly error: boolean;
  /** Tags by key, without the ignored ones, ids replaced by placeholders. */
  readonly tags: Readonly<Record<string, unknown>>;
  /** The spans that were started below it. */
  readonly children: readonly SnapshotSpan[];
}

/** How a snapshot is taken. */
export interface SnapshotOptions {
  /** Tags that are left out as well, by name. @default none */
  readonly ignoreTags?: readonly string[];
}

/** Tags that tell of the process, the machine or the moment. */
const volatileTag =
  /^(?:_dd\.|_sampling|process_id$|runtime-id$|language$|events$|error\.stack$|_top_level$|_trace_root$)|_ms$|\.latency$|tokens_per_second$|^agent\.run_id$/;

/**
 * The traces of a source as plain trees that are the same in every run: ids, times, durations and tags of the process
 * are left out, and texts that hold an id of the source have it replaced by `<span 1>`, `<trace 1>` and so on.
 *
 * @throws TypeError for something that has no spans.
 * @example
 * ```ts
 * import { snapshotTraces } from "@llmdevops/dd-testing";
 * import { expect } from "vitest";
 *
 * expect(snapshotTraces(client)).toMatchSnapshot();
 * ```
 */
export function snapshotTraces(source: SpanSource, options: SnapshotOptions = {}): SnapshotSpan[] {
  const spans = observedSpans(source);
  const names = new Map<string, string>();
  const name = (id: string, text: string): void => {
    if (id !== "0" && id !== "" && !names.has(id)) names.set(id, text);
  };
  for (const tree of spanTrees(spans)) numberIds(tree, names, name);
  const ignored = new Set(options.ignoreTags);
  const normal = (value: unknown): unknown =>
    typeof value === "string"
      ? value.replace(/\b[0-9a-f]{8,32}\b|\b\d{8,20}\b/g, (id) => names.get(id) ?? id)
      : value;
  const project = ({ span, children }: SpanNode): SnapshotSpan => ({
    name: span.name,
    service: span.service,
    resource: String(normal(span.resource)),
    type: span.type,
    error: span.error,
    tags: Object.fromEntries(
      Object.entries(span.tags)
        .filter(([tag]) => !ignored.has(tag) && !volatileTag.test(tag))
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([tag, value]) => [tag, normal(value)]),
    ),
    children: children.map(project),
  });
  return spanTrees(spans).map(project);
}

function numberIds(
  { span, children }: SpanNode,
  names: ReadonlyMap<string, string>,
  name: (id: string, text: string) => void,
): void {
  const traces = new Set([...names.values()].filter((text) => text.startsWith("<trace")));
  const trace = names.get(span.traceIdHex) ?? `<trace ${traces.size + 1}>`;
  name(span.traceIdHex, trace);
  name(BigInt(`0x${span.traceIdHex.slice(16) || "0"}`).toString(), trace);
  const spans = [...names.values()].filter((text) => text.startsWith("<span")).length;
  name(span.spanId, `<span ${spans + 1}>`);
  for (const child of children) numberIds(child, names, name);
}
