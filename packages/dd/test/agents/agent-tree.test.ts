import { type AgentSpan, createClient, silentLogger } from "@llmdevops/dd";
import { type ReceivedSpan, startTestAgent } from "@llmdevops/dd-testing";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

interface Work {
  readonly kind: "agent" | "handoff" | "step" | "tool" | "wait";
  readonly turns: number;
  readonly fails: boolean;
  readonly inParallel: boolean;
  readonly isExplicit: boolean;
  readonly inside: readonly Work[];
}

/** What was executed, or what can be seen of it in the spans that arrived. */
interface Node {
  readonly id: string;
  readonly inside: readonly Node[];
}

const { work } = fc.letrec<{ work: Work }>((tie) => ({
  work: fc.record({
    kind: fc.constantFrom("agent", "handoff", "step", "tool", "wait"),
    turns: fc.nat(3),
    fails: fc.boolean(),
    inParallel: fc.boolean(),
    isExplicit: fc.boolean(),
    inside: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie("work"), { maxLength: 4 })),
  }),
}));

const testAgent = await startTestAgent();
const client = createClient({
  service: "assistant",
  agent: { url: testAgent.url },
  dogstatsd: { host: "127.0.0.1", port: testAgent.dogstatsdPort },
  logger: silentLogger,
});
beforeAll(() => client.flush());
beforeEach(() => testAgent.clear());
afterAll(async () => {
  await client.shutdown();
  await testAgent.stop();
});

async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Executes work, and notes what was executed below which agent. */
async function perform(root: AgentSpan, items: readonly Work[]): Promise<Node> {
  let ids = 0;
  const visit = async (agent: AgentSpan, item: Work): Promise<Node> => {
    ids += 1;
    const id = `work-${ids}`;
    let inside: readonly Node[] = [];
    const body = async (owner: AgentSpan): Promise<void> => {
      await pause(item.turns);
      if (item.inParallel)
        inside = await Promise.all(item.inside.map((inner) => visit(owner, inner)));
      else {
        const done: Node[] = [];
        for (const inner of item.inside) done.push(await visit(owner, inner));
        inside = done;
      }
      if (item.fails) throw new Error("planned");
    };
    // A step, tool or wait takes its agent as an argument, so what it starts belongs to that agent.
    await run(item, agent, id, body).catch(() => {});
    return { id, inside };
  };
  const inside = await Promise.all(items.map((item) => visit(root, item)));
  return { id: "root", inside };
}

async function run(
  { kind, isExplicit }: Work,
  agent: AgentSpan,
  id: string,
  body: (owner: AgentSpan) => Promise<void>,
): Promise<unknown> {
  if (kind === "agent") {
    // Without the explicit parent the enclosing code says whose sub-agent it is.
    const parent = isExplicit ? { parentAgentSpan: agent } : { childOf: agent };
    return client.traceAgent({ agentName: id, ...parent }, body);
  }
  if (kind === "handoff") return client.traceAgent({ agentName: id, handoffFrom: agent }, body);
  if (kind === "tool") return client.traceToolCall(agent, id, {}, () => body(agent));
  if (kind === "wait") return client.traceWait(agent, id, () => body(agent));
  return client.traceAgentStep(agent, id, () => body(agent));
}

/** Steps, tools and waits are children of their agent: what they start is beside them. */
function expectedTree(node: Node, items: readonly Work[]): Node {
  const children = node.inside.flatMap((inner, index): Node[] => {
    const item = items[index];
    if (item === undefined) return [];
    const tree = expectedTree(inner, item.inside);
    const isAgent = item.kind === "agent" || item.kind === "handoff";
    return isAgent ? [tree] : [{ id: inner.id, inside: [] }, ...tree.inside];
  });
  return { id: node.id, inside: children };
}

function receivedTree(spans: readonly ReceivedSpan[], span: ReceivedSpan): Node {
  const children = spans.filter(({ parentId }) => parentId === span.spanId);
  const id =
    span.type === "agent" ? span.meta["agent.name"] : (span.meta["agent.tool"] ?? span.name);
  return { id: id ?? "", inside: children.map((child) => receivedTree(spans, child)) };
}

function sorted({ id, inside }: Node): Node {
  return { id, inside: inside.map(sorted).sort((a, b) => a.id.localeCompare(b.id)) };
}

test("the tree that arrives is the tree that was executed, with its steps, outcomes and sums", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 4 }), async (items) => {
      testAgent.clear();
      const root = client.startAgentSpan("run", { agentName: "root", childOf: null });
      const executed = await perform(root, items);
      root.finish();
      await client.flush();
      const summary = root.summary();
      const count = summary.agents + summary.steps;
      if (count > testAgent.spans().length) await testAgent.waitFor({ spans: count });

      const spans = testAgent.spans();
      const top = spans.find(
        ({ meta }) =>
          meta["agent.name"] === "root" &&
          meta["agent.parent"] === undefined &&
          meta["agent.handoff_from"] === undefined,
      );
      if (top === undefined) throw new Error("The outermost agent did not arrive.");

      expect(spans).toHaveLength(count);
      expect(sorted(receivedTree(spans, top))).toEqual(sorted(expectedTree(executed, items)));
      expect(new Set(spans.map(({ meta }) => meta["agent.run_id"]))).toEqual(new Set([root.runId]));
      for (const agent of spans.filter(({ type }) => type === "agent")) {
        const steps = spans
          .filter(({ parentId, type }) => parentId === agent.spanId && type !== "agent")
          .map(({ metrics }) => metrics["agent.step"] ?? 0);
        expect(steps.sort((a, b) => a - b)).toEqual(steps.map((_, index) => index + 1));
        expect(agent.metrics["agent.steps"]).toBe(steps.length);
        const handsOff = spans.some(
          ({ parentId, meta }) =>
            parentId === agent.spanId && meta["agent.handoff_from"] !== undefined,
        );
        const outcome = agent.error === 1 ? "failed" : handsOff ? "handed_off" : "completed";
        expect(agent.meta["agent.outcome"]).toBe(outcome);
      }
      expect(summary.toolCalls).toBe(spans.filter(({ type }) => type === "tool").length);
      expect(summary.failedAgents).toBe(
        spans.filter(({ type, error }) => type === "agent" && error === 1).length,
      );
      expect(top.metrics["agent.run.steps"] ?? 0).toBe(summary.steps);
    }),
    { numRuns: 40 },
  );
}, 60_000);
