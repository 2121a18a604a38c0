import "@llmdevops/dd-testing/vitest";
import { AssertionError } from "node:assert";
import {
  assertChildSpan,
  assertCost,
  assertMetric,
  assertNoSecrets,
  assertSpan,
  assertTag,
  assertTraceShape,
  createMockClient,
  type MockDatadogAPMClient,
} from "@llmdevops/dd-testing";
import { beforeAll, describe, expect, test } from "vitest";
import { recordDeskTrace } from "./desk-trace.ts";

let client: MockDatadogAPMClient;
beforeAll(async () => {
  client = await recordDeskTrace();
});

function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    expect(error).toBeInstanceOf(AssertionError);
    return (error as Error).message;
  }
  throw new Error("the assertion holds");
}

describe("toHaveSpan", () => {
  test("finds a span by name, pattern, fields and tags", () => {
    expect(client).toHaveSpan("agent.run");
    expect(client).toHaveSpan(/^llm\./);
    expect(client).toHaveSpan({
      name: "tool.search",
      error: true,
      tags: { "tool.success": false },
    });
    expect(client).toHaveSpan({ tags: { "llm.input_tokens": (value) => Number(value) > 999 } });
    expect(client).not.toHaveSpan({ name: "tool.search", error: false });
    expect(client.getSpans()).toHaveSpan("llm.request");
  });

  test("shows the nearest span, what it lacks, and the tree", () => {
    const message = messageOf(() =>
      assertSpan(client, { name: "llm.requests", tags: { "llm.provider": "openai", user: 1 } }),
    );

    expect(message).toMatchInlineSnapshot(`
      "No span with name "llm.requests", llm.provider="openai", user=1.
      Nearest: llm.request (chat claude-sonnet-4-6) [claude-sonnet-4-6] 100 ms
        name is "llm.request", expected "llm.requests"
        tag llm.provider is "anthropic", expected "openai"
        tag user is not set, expected 1
      Spans:
      agent.run (planner) [planner] 125 ms
      ├─ tool.search (search) [planner] 20 ms ERROR RangeError
      └─ llm.request (chat claude-sonnet-4-6) [claude-sonnet-4-6] 100 ms"
    `);
  });

  test("says so when nothing was recorded", () => {
    expect(messageOf(() => assertSpan(createMockClient(), "any"))).toContain(
      "There are no finished spans.",
    );
  });

  test("a global pattern finds a span again and again", () => {
    const pattern = /agent/g;
    for (let time = 0; time < 3; time += 1) expect(client).toHaveSpan(pattern);
  });

  test("refuses a source without spans and a pattern with an unknown field", () => {
    expect(() => assertSpan({} as never, "x")).toThrow(TypeError);
    expect(() => assertSpan(undefined as never, "x")).toThrow(TypeError);
    expect(() => assertSpan(client, { title: "x" } as never)).toThrow("no field title");
  });
});

describe("toHaveChildSpan", () => {
  test("wants the child directly below the parent", () => {
    expect(client).toHaveChildSpan("agent.run", "tool.search");
    expect(client).not.toHaveChildSpan("tool.search", "llm.request");
  });

  test("names the real parent", () => {
    const message = messageOf(() => assertChildSpan(client, "tool.search", "llm.request"));

    expect(message).toContain("matches, but its parent is agent.run");
  });

  test("says which of the two is missing", () => {
    expect(messageOf(() => assertChildSpan(client, "agent.ran", "llm.request"))).toContain(
      "There is no such parent. Nearest: agent.run",
    );
    expect(messageOf(() => assertChildSpan(client, "agent.run", "llm.reply"))).toContain(
      "There is no such child.",
    );
  });
});

describe("toHaveMetric", () => {
  test("finds a value by name, type, value and tags", () => {
    expect(client).toHaveMetric("llm.request.count");
    expect(client).toHaveMetric({
      name: "llm.request.tokens.input",
      type: "count",
      value: 1_000,
      tags: { provider: "anthropic" },
    });
    expect(client).not.toHaveMetric({ name: "llm.request.count", type: "gauge" });
  });

  test("shows the nearest metric and what it lacks", () => {
    const message = messageOf(() =>
      assertMetric(client, { name: "llm.request.counts", tags: { provider: "openai" } }),
    );

    expect(message).toContain("Nearest: count llm.request.count 1");
    expect(message).toContain('tag provider is "anthropic", expected "openai"');
  });
});

describe("toHaveTag", () => {
  test("looks at one span, or for one of several", () => {
    expect(client.getSpanByName("tool.search")).toHaveTag("tool.success", false);
    expect(client).toHaveTag("llm.model", /sonnet/);
    expect(client).not.toHaveTag("llm.model", "gpt-5");
    expect(client).not.toHaveTag("toString");
  });

  test("shows the value that is there, or the nearest name", () => {
    expect(messageOf(() => assertTag(client, "llm.provider", "openai"))).toContain(
      'has "anthropic"',
    );
    expect(messageOf(() => assertTag(client, "llm.providers"))).toContain("Nearest: llm.provider.");
  });
});

describe("toBeTraceShape", () => {
  test("compares the whole tree, in the order of start", () => {
    expect(client).toBeTraceShape(`
      agent.run
        tool.search
        llm.request
    `);
    expect(client).toBeTraceShape("agent.run\n├─ tool.search\n└─ llm.request");
    expect(client).toBeTraceShape("agent.run\n  ...\n  llm.request");
    expect(client).toBeTraceShape("agent.run\n  ...");
    for (const other of [
      "agent.run",
      "agent.run\n  llm.request\n  tool.search",
      "agent.run\n  tool.search\n    llm.request",
      "agent.run\n  tool.search\n  llm.request\n  ...\n  end",
      "agent.run\ntool.search\nllm.request",
    ]) {
      expect(client, other).not.toBeTraceShape(other);
    }
  });

  test("shows the difference", () => {
    const message = messageOf(() =>
      assertTraceShape(client, "agent.run\n  tool.lookup\n  llm.request"),
    );

    expect(message).toMatchInlineSnapshot(`
      "The trace has another shape (- expected, + found):
        agent.run
      -   tool.lookup
      +   tool.search
          llm.request
      Found in full:
      agent.run (planner) [planner] 125 ms
      ├─ tool.search (search) [planner] 20 ms ERROR RangeError
      └─ llm.request (chat claude-sonnet-4-6) [claude-sonnet-4-6] 100 ms"
    `);
  });

  test("needs a line", () => {
    expect(() => assertTraceShape(client, " \n ")).toThrow(TypeError);
  });
});

describe("toHaveNoSecrets", () => {
  test("holds for what passed the client's guard", () => {
    const guarded = createMockClient();
    guarded
      .startSpan("mail", { tags: { to: "ada@example.com", api_key: "sk-ant-123456789" } })
      .finish();
    guarded.event("mail to ada@example.com");

    expect(guarded).toHaveNoSecrets({ planted: ["ada@", "sk-ant-123456789"] });
  });

  test("finds what the redactor knows and what was planted, and does not repeat it", () => {
    const leak = { tags: { note: "write to ada@example.com" }, list: ["the launch code"] };
    const message = messageOf(() => assertNoSecrets(leak, { planted: ["launch code"] }));

    expect(message).toContain("tags.note holds [EMAIL_REDACTED]");
    expect(message).toContain("list.0 holds a planted text");
    expect(message).not.toContain("ada@example.com");
  });

  test("comes to an end for values that hold themselves", () => {
    const circle: Record<string, unknown> = { text: "fine" };
    circle["self"] = circle;

    expect(circle).toHaveNoSecrets();
  });
});

describe("toHaveCost", () => {
  test("adds up the calls", () => {
    // 1,000 × $3 and 100 × $15 per million tokens.
    expect(client).toHaveCost(0.0045);
    expect(client).toHaveCost({ atLeastUsd: 0.004, atMostUsd: 0.005 });
    expect(client).not.toHaveCost({ atMostUsd: 0.004 });
    expect(client).not.toHaveCost(0.0046);
  });

  test("fails for a call whose price nobody knows", async () => {
    const unknown = createMockClient();
    await unknown.traceLLM({ provider: "acme", model: "acme-1" }, async (span) => {
      span.setUsage({ inputTokens: 5, outputTokens: 5 });
    });

    expect(messageOf(() => assertCost(unknown, { atMostUsd: 1 }))).toContain(
      "no price llm.request",
    );
  });

  test("needs a number", () => {
    expect(() => assertCost(client, {})).toThrow(TypeError);
    expect(() => assertCost(client, Number.NaN)).toThrow(TypeError);
  });
});

test("a metric is shown with as many digits as say something", () => {
  const other = createMockClient();
  other.distribution("latency", 0.1 + 0.2);

  expect(messageOf(() => assertMetric(other, "latencies"))).toContain("latency 0.3 {");
});

test("a secret is found in what LLM Observability gets, too", async () => {
  const other = createMockClient({ llmobs: { enabled: true } });
  await other.traceLLM(
    { provider: "openai", model: "gpt-4o-mini", content: "full" },
    async (span) => {
      span.setInput([{ role: "user", content: "planted-secret" }]);
    },
  );

  expect(other.getLlmobsSpans()).toHaveLength(1);
  const message = messageOf(() => assertNoSecrets(other, { planted: ["planted-secret"] }));
  expect(message).toContain("getLlmobsSpans.0");
});
