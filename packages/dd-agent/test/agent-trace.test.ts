import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";

interface SentSpan {
  readonly name: string;
  readonly span_id: string;
  readonly parent_id: string;
  readonly meta: Readonly<Record<string, string>>;
}

interface SentLink {
  readonly span_id: string;
  readonly trace_id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const script = fileURLToPath(new URL("agent-trace-script.ts", import.meta.url));
let spans: readonly SentSpan[] = [];

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@llmdevops/source", script],
    // dd-trace's own exporter for places without an Agent writes spans to standard output.
    { env: { PATH: process.env["PATH"], DD_TRACE_EXPERIMENTAL_EXPORTER: "log" } },
  );
  const batches = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { traces: SentSpan[][] });
  spans = batches.flatMap(({ traces }) => traces.flat());
}, 60_000);

function named(name: string): SentSpan {
  const span = spans.find((candidate) => candidate.name === name);
  if (span === undefined) throw new Error(`no span ${name}`);
  return span;
}

function linksOf(name: string): SentLink[] {
  return JSON.parse(named(name).meta["_dd.span_links"] ?? "[]") as SentLink[];
}

describe("the spans that are sent", () => {
  test.each([
    ["plan", "desk.run"],
    ["tool.search", "desk.run"],
    ["http.get", "tool.search"],
    ["researcher.run", "desk.run"],
    ["writer.run", "desk.run"],
    ["editor.run", "researcher.run"],
  ])("%s is a child of %s", (child, parent) => {
    expect(named(child).parent_id).toBe(named(parent).span_id);
  });

  test("a link goes in both directions between two spans of this process", () => {
    expect(linksOf("researcher.run")).toMatchObject([
      {
        span_id: named("writer.run").span_id,
        attributes: { "link.relationship": "review", "link.direction": "to" },
      },
    ]);
    expect(linksOf("writer.run")).toMatchObject([
      {
        span_id: named("researcher.run").span_id,
        attributes: { "link.relationship": "review", "link.direction": "from" },
      },
    ]);
  });

  test("a link to a span of another process goes from here, as a handoff", () => {
    expect(linksOf("desk.run")).toMatchObject([
      {
        span_id: "0123456789abcdef",
        attributes: { "link.relationship": "handoff", "link.direction": "to" },
      },
    ]);
  });
});
