import { fileURLToPath } from "node:url";
import { type Options, query, type SDKMessage } from "@anthropic-ai/claude-agent-sdk";
import { query as oldestQuery } from "@anthropic-ai/claude-agent-sdk-oldest";
import { instrumentClaudeAgent } from "@llmdevops/dd-llm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ObservedClient, outline, spanOf, startObservedClient } from "../observed-agents.ts";

let observed: ObservedClient;

beforeAll(async () => {
  observed = await startObservedClient("claude-agent");
});

beforeEach(() => observed.clear());

afterAll(() => observed.stop());

const model = "claude-sonnet-4-6";
const command = fileURLToPath(new URL("fixtures/scripted-claude.mjs", import.meta.url));

function options(script: readonly object[], further: Options = {}): Options {
  return {
    pathToClaudeCodeExecutable: command,
    executable: "node",
    env: { PATH: process.env["PATH"], CLAUDE_SCRIPT: JSON.stringify(script) },
    ...further,
  };
}

const usage = {
  input_tokens: 20,
  cache_read_input_tokens: 100,
  cache_creation_input_tokens: 0,
  output_tokens: 30,
};

const init = {
  type: "system",
  subtype: "init",
  model,
  tools: ["Bash", "Task"],
  cwd: "/",
  mcp_servers: [],
  permissionMode: "default",
  claude_code_version: "2.1.0",
};

function assistant(id: string, content: readonly object[], parent: string | null = null) {
  return {
    type: "assistant",
    parent_tool_use_id: parent,
    message: { id, type: "message", role: "assistant", model, content, stop_reason: null, usage },
  };
}

function toolResult(id: string, content: unknown, isError = false, parent: string | null = null) {
  const block = { type: "tool_result", tool_use_id: id, content, is_error: isError };
  return {
    type: "user",
    parent_tool_use_id: parent,
    message: { role: "user", content: [block] },
  };
}

const toolUse = (id: string, name: string, input: object) => ({
  type: "tool_use",
  id,
  name,
  input,
});
const text = (value: string) => ({ type: "text", text: value });

function result(calls: number, further: object = {}) {
  return {
    type: "result",
    subtype: "success",
    is_error: false,
    result: "It is fixed.",
    num_turns: calls,
    duration_ms: 100,
    duration_api_ms: 80,
    total_cost_usd: 0.01,
    usage,
    modelUsage: {
      [model]: {
        inputTokens: 20 * calls,
        outputTokens: 30 * calls,
        cacheReadInputTokens: 100 * calls,
        cacheCreationInputTokens: 0,
        costUSD: 0.01,
      },
    },
    permission_denials: [],
    ...further,
  };
}

const delegating = [
  init,
  assistant("msg_1", [text("Let me look.")]),
  assistant("msg_1", [toolUse("tool_1", "Bash", { command: "npm test" })]),
  toolResult("tool_1", "1 failed", true),
  assistant("msg_2", [toolUse("tool_2", "Task", { subagent_type: "fixer", prompt: "fix it" })]),
  assistant("msg_3", [toolUse("tool_3", "Edit", { file: "a.ts" })], "tool_2"),
  toolResult("tool_3", "done", false, "tool_2"),
  assistant("msg_4", [text("Fixed.")], "tool_2"),
  toolResult("tool_2", [text("Fixed.")]),
  assistant("msg_5", [text("It is fixed.")]),
  result(5),
];

describe.each([
  ["newest", query],
  ["oldest", oldestQuery as unknown as typeof query],
])("the %s SDK with a scripted command", (_, original) => {
  const observedQuery: typeof query = (parameters) =>
    instrumentClaudeAgent(original, { agents: observed.datadog, llm: observed.datadog })(
      parameters,
    );

  test("a query is a tree of turns, tools and sub-agents, the same messages reach the application", async () => {
    const collect = async (run: typeof query) => {
      const messages: SDKMessage[] = [];
      for await (const message of run({ prompt: "Fix it", options: options(delegating) })) {
        messages.push(message);
      }
      return messages;
    };

    const messages = await collect(observedQuery);

    expect(messages).toEqual(await collect(original));
    const spans = await observed.spans();
    // Sorted: the messages of one millisecond have no order of their own.
    expect(outline(spans).sort()).toEqual(
      [
        "agent.run claude",
        `  llm.request chat ${model}`,
        "  tool.Bash Bash",
        `  llm.request chat ${model}`,
        "  tool.Task Task",
        "    agent.run fixer",
        `      llm.request chat ${model}`,
        "      tool.Edit Edit",
        `      llm.request chat ${model}`,
        `  llm.request chat ${model}`,
      ].sort(),
    );
    const main = spanOf(spans, "agent.run", "claude");
    expect(main.meta).toMatchObject({
      "agent.outcome": "completed",
      "claude.session_id": "session-1",
      "claude.result": "success",
    });
    expect(main.metrics).toMatchObject({
      "claude.turns": 5,
      "claude.total_cost_usd": 0.01,
      "claude.total_tokens": 750,
      "claude.token_difference": 0,
      "agent.run.model_calls": 5,
      "agent.run.tool_calls": 3,
    });
    // 20 input, 100 cached and 30 output tokens, five times, at the published price.
    expect(main.metrics["claude.cost_difference_usd"]).toBeCloseTo(0.01 - 5 * 0.00054, 9);
    expect(spanOf(spans, "tool.Bash").meta["error.message"]).toBe("1 failed");
    expect(spanOf(spans, "agent.run", "fixer").meta["agent.parent"]).toBe("claude");
    expect(observed.agent.rejections()).toEqual([]);
  });

  test("what it returns is the SDK's own object", () => {
    const messages = observedQuery({ prompt: "x", options: options([init, { wait: true }]) });
    const bare = original({ prompt: "x", options: options([]) });

    expect(Object.getPrototypeOf(messages)).toBe(Object.getPrototypeOf(bare));
    expect(typeof messages.interrupt).toBe("function");
    expect(typeof messages.setModel).toBe("function");
    messages.close();
    bare.close();
  });

  test("read by hand it is observed as well", async () => {
    const messages = observedQuery({ prompt: "x", options: options(delegating) });

    let count = 0;
    while ((await messages.next()).done !== true) count += 1;

    expect(count).toBe(delegating.length);
    expect(await observed.spans()).toHaveLength(10);
  });

  test("an application that leaves the loop has cancelled it, and nothing stays open", async () => {
    const script = [...delegating.slice(0, 3), { wait: true }];

    for await (const message of observedQuery({ prompt: "x", options: options(script) })) {
      const content = message.type === "assistant" ? message.message.content : [];
      if (content.some(({ type }) => type === "tool_use")) break;
    }

    const spans = await observed.spans();
    const main = spanOf(spans, "agent.run", "claude");
    expect(main).toMatchObject({ error: 0 });
    expect(main.meta["agent.outcome"]).toBe("cancelled");
    expect(spanOf(spans, "tool.Bash").metrics["claude.tool_unanswered"]).toBe(1);
  });

  test("an abort is no failure", async () => {
    const abortController = new AbortController();
    const script = [...delegating.slice(0, 2), { wait: true }];
    const run = observedQuery({ prompt: "x", options: options(script, { abortController }) });

    const outcome = await (async () => {
      for await (const message of run) if (message.type === "assistant") abortController.abort();
    })().then(
      () => "ended",
      () => "threw",
    );

    expect(outcome).toBe("threw");
    const main = spanOf(await observed.spans(), "agent.run", "claude");
    expect(main.error).toBe(0);
    expect(main.meta["agent.outcome"]).toBe("cancelled");
  });

  test("a command that dies has failed, and the application gets its error", async () => {
    const script = [init, { exit: 3 }];
    const read = async () => {
      for await (const _message of observedQuery({ prompt: "x", options: options(script) })) {
        // Only the end matters.
      }
    };

    await expect(read()).rejects.toThrow(/exited with code 3/);

    const main = spanOf(await observed.spans(), "agent.run", "claude");
    expect(main.error).toBe(1);
    expect(main.meta["agent.outcome"]).toBe("failed");
  });

  test("a stream event tells the first content and the final count of tokens", async () => {
    const event = (body: object) => ({
      type: "stream_event",
      parent_tool_use_id: null,
      event: body,
    });
    const message = { id: "msg_1", model, usage: { ...usage, output_tokens: 1 } };
    const script = [
      init,
      event({ type: "message_start", message }),
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "H" } }),
      { ...assistant("msg_1", [text("Hi")]), message: { ...message, content: [text("Hi")] } },
      event({
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { output_tokens: 30 },
      }),
      result(1),
    ];

    const partial = options(script, { includePartialMessages: true });
    for await (const _message of observedQuery({ prompt: "x", options: partial })) {
      // Only what is recorded matters.
    }

    const call = spanOf(await observed.spans(), "llm.request");
    expect(call.metrics).toMatchObject({ "llm.input_tokens": 120, "llm.output_tokens": 30 });
    expect(call.metrics["llm.time_to_first_token_ms"]).toBeGreaterThanOrEqual(0);
    expect(call.meta["llm.finish_reason"]).toBe("stop");
  });
});

test("a query that is observed already is not observed once more", () => {
  const { datadog } = observed;
  const once = instrumentClaudeAgent(query, { agents: datadog, llm: datadog });

  expect(once).not.toBe(query);
  expect(instrumentClaudeAgent(once, { agents: datadog, llm: datadog })).toBe(once);
});

test("messages of any shape do not disturb, and what is no query is refused", async () => {
  const { datadog } = observed;
  const messages = [
    null,
    5,
    {},
    { type: "assistant" },
    { type: "user", message: 7 },
    {
      type: "assistant",
      message: { content: [{ type: "tool_use" }, { type: "tool_use", id: "a" }, null] },
    },
    { type: "result", modelUsage: 3 },
  ];
  const wrapped = instrumentClaudeAgent(
    async function* (_: never) {
      yield* messages;
    },
    { agents: datadog, llm: datadog },
  );

  const seen: unknown[] = [];
  for await (const message of wrapped({} as never)) seen.push(message);

  expect(seen).toEqual(messages);
  expect((await observed.spans()).length).toBeGreaterThan(0);
  expect(() => instrumentClaudeAgent({} as never, { agents: datadog, llm: datadog })).toThrow(
    /query/,
  );
  expect(() => instrumentClaudeAgent(query, { agents: {} as never, llm: datadog })).toThrow(
    /startAgentSpan/,
  );
});
