import { aiSdkTelemetry } from "@llmdevops/dd";
import type { ReceivedSpan } from "@llmdevops/dd-testing";
import { describe, expect, test } from "vitest";
import { collectGarbageUntil } from "../collect-garbage.ts";
import { useObservedClient } from "../observed-client.ts";
import { majors } from "./majors.ts";

const observed = useObservedClient();

const telemetry = () => aiSdkTelemetry({ llm: observed.datadog });

async function readAll(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const reset = new TypeError("terminated", {
  cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
});
const overload = { type: "overloaded_error", message: "Overloaded" };
const timeLimit = new DOMException("The operation was aborted due to timeout", "TimeoutError");

/** What arrived, the model calls in their order. */
async function arrived() {
  const spans = await observed.arrived();
  const ofKind = (matches: (span: ReceivedSpan) => boolean) =>
    spans.filter(matches).toSorted((a, b) => Number(a.start - b.start));
  return {
    spans,
    calls: ofKind(({ meta }) => meta["llm.model"] !== undefined),
    operations: ofKind(({ name }) => name.startsWith("ai.")),
    tools: ofKind(({ name }) => name === "track"),
  };
}

describe.each(majors)("$name", (major) => {
  test("a call is recorded with the counts that the provider means, the cache in them", async () => {
    const text = await major.generate([{ texts: ["It is ", "on its way."] }], {
      telemetry: telemetry(),
    });

    expect(text).toBe("It is on its way.");
    const { calls, operations } = await arrived();
    expect(calls).toHaveLength(1);
    expect(operations).toHaveLength(1);
    const [call] = calls;
    expect(call?.meta).toMatchObject({
      "llm.provider": "anthropic",
      "llm.model": "claude-sonnet-4-6",
      "llm.finish_reason": "stop",
    });
    expect(call?.metrics).toMatchObject({
      "llm.input_tokens": 120,
      "llm.output_tokens": 30,
      "llm.cache_read_input_tokens": 100,
      "llm.parameters.temperature": 0.2,
    });
    expect(call?.parentId).toEqual(operations[0]?.spanId);
    const sent = observed.agent.llmobsSpans().find(({ kind }) => kind === "llm");
    expect(sent?.meta).toMatchObject({
      input: { messages: [{ role: "user", content: "Where is my parcel?" }] },
      output: { messages: [{ content: "It is on its way." }] },
    });
  });

  test("steps and tools hang below their operation", async () => {
    const seen: unknown[] = [];

    const text = await major.generate(
      [{ toolCall: { name: "track", input: '{"id":7}' } }, { texts: ["In Lyon."] }],
      {
        telemetry: telemetry(),
        tool: async (input) => {
          seen.push(input);
          await observed.datadog.trace("inside", async () => undefined);
          return "Lyon";
        },
      },
    );

    expect(text).toBe("In Lyon.");
    expect(seen).toEqual([{ id: 7 }]);
    const { calls, operations, tools, spans } = await arrived();
    expect(calls.map(({ metrics }) => metrics["llm.step"])).toEqual([1, 2]);
    expect(tools).toHaveLength(1);
    const [operation] = operations;
    for (const span of [...calls, ...tools]) expect(span.parentId).toEqual(operation?.spanId);
    const inside = spans.find(({ name }) => name === "inside");
    expect(inside?.parentId).toEqual(tools[0]?.spanId);
    const tool = observed.agent.llmobsSpans().find(({ kind }) => kind === "tool");
    expect(tool?.meta).toMatchObject({ input: { value: '{"id":7}' } });
    expect(JSON.stringify(tool?.meta["output"])).toContain("Lyon");
  });

  test("a tool that fails is an error of the tool", async () => {
    const call = major.generate(
      [{ toolCall: { name: "track", input: "{}" } }, { texts: ["Sorry."] }],
      {
        telemetry: telemetry(),
        tool: async () => {
          throw new RangeError("no such parcel");
        },
      },
    );

    await call.catch(() => undefined);
    const { tools } = await arrived();
    expect(tools[0]?.error).toBe(1);
    expect(tools[0]?.meta["error.message"]).toContain("no such parcel");
  });

  test("what is thrown without being an error fails its tool all the same", async () => {
    const call = major.generate(
      [{ toolCall: { name: "track", input: "{}" } }, { texts: ["Sorry."] }],
      { telemetry: telemetry(), tool: () => Promise.reject("no such parcel") },
    );

    await call.catch(() => undefined);
    const { tools } = await arrived();
    expect(tools.map(({ error }) => error)).toEqual([1]);
  });

  test("a refused request is an error of the call and of its operation", async () => {
    const refusal = Object.assign(new Error("Too many requests"), { statusCode: 429 });

    const call = major.generate([{ refusal }], { telemetry: telemetry() });

    await expect(call).rejects.toThrow("Too many requests");
    const { calls, operations } = await arrived();
    expect(calls.map(({ meta }) => meta["error.type"])).toEqual(["rate_limit"]);
    expect(operations.map(({ error }) => error)).toEqual([1]);
  });

  test("a stream that is read to its end has its chunks, its counts and its first token", async () => {
    const bare = await readAll(major.stream({ texts: ["one ", "two ", "three"] }));

    const chunks = await readAll(
      major.stream({ texts: ["one ", "two ", "three"] }, { telemetry: telemetry() }),
    );

    expect(chunks).toEqual(bare);
    const { calls, operations } = await arrived();
    expect(operations).toHaveLength(1);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.meta).toMatchObject({
      "llm.stream_outcome": "completed",
      "llm.finish_reason": "stop",
    });
    expect(calls[0]?.metrics).toMatchObject({
      "llm.input_tokens": 120,
      "llm.output_tokens": 30,
      "llm.cache_read_input_tokens": 100,
    });
    expect(calls[0]?.metrics["llm.time_to_first_token_ms"]).toBeGreaterThan(0);
    const sent = observed.agent.llmobsSpans().find(({ kind }) => kind === "llm");
    expect(sent?.meta["output"]).toMatchObject({ messages: [{ content: "one two three" }] });
  });

  test("a stream that breaks ends its call and its operation as failed", async () => {
    const streamError = new TypeError("terminated");

    await readAll(major.stream({ texts: ["one "], streamError }, { telemetry: telemetry() })).catch(
      () => undefined,
    );

    const { calls, operations } = await arrived();
    expect(calls.map(({ meta }) => meta["llm.stream_outcome"])).toEqual(["failed"]);
    expect(operations.map(({ error }) => error)).toEqual([1]);
  });

  test.each([
    ["a reset connection", "network", { streamError: reset }],
    ["an overload that the provider reports", "overloaded", { errorPart: overload }],
    ["a time limit", "timeout", { isHeld: true }],
  ])("a stream that breaks by %s is a failure of the kind %s", async (_, kind, further) => {
    const limit = new AbortController();

    const reading = async () => {
      const script = { texts: ["one "], ...further };
      const stream = major.stream(script, { telemetry: telemetry(), signal: limit.signal });
      for await (const chunk of stream) {
        if (chunk === "one " && kind === "timeout") limit.abort(timeLimit);
      }
    };
    await reading().catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));

    const { calls, operations } = await arrived();
    expect(calls.map(({ meta }) => [meta["llm.stream_outcome"], meta["error.type"]])).toEqual([
      ["failed", kind],
    ]);
    expect(operations).toHaveLength(1);
  });

  test("a stream that the application aborts ends its call and its operation as aborted", async () => {
    const abort = new AbortController();

    const reading = async () => {
      const stream = major.stream(
        { texts: ["one "], isHeld: true },
        { telemetry: telemetry(), signal: abort.signal },
      );
      for await (const chunk of stream) {
        expect(chunk).toBe("one ");
        abort.abort();
      }
    };

    await reading().catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    const { calls, operations } = await arrived();
    expect(calls.map(({ meta }) => meta["llm.stream_outcome"])).toEqual(["aborted"]);
    expect(calls[0]?.error).toBe(0);
    expect(operations.map(({ meta }) => meta["llm.stream_outcome"])).toEqual(["aborted"]);
  });

  test("a stream that is left and forgotten ends when it is collected", async () => {
    const leave = async () => {
      const stream = major.stream(
        { texts: ["one ", "two "], isHeld: true },
        { telemetry: telemetry() },
      );
      for await (const chunk of stream) {
        if (chunk === "one ") break;
      }
    };
    await leave();

    await collectGarbageUntil(() => observed.datadog.health().spans.open === 0);

    const { calls, operations } = await arrived();
    expect(calls.map(({ meta }) => meta["llm.stream_outcome"])).toEqual(["cancelled"]);
    expect(operations).toHaveLength(1);
  });

  test("200 calls at once keep their own operations and parents", async () => {
    const shared = telemetry();
    await Promise.all(
      Array.from({ length: 200 }, (_, number) =>
        observed.datadog.trace(`ticket.${number}`, () =>
          major.generate([{ texts: [`answer ${number}`] }], { telemetry: shared }),
        ),
      ),
    );

    const { spans, calls, operations } = await arrived();
    expect(operations).toHaveLength(200);
    const parents = new Map(spans.map((span) => [span.spanId, span]));
    const tickets = calls.map((call) => {
      const operation = parents.get(call.parentId);
      return parents.get(operation?.parentId ?? "")?.name;
    });
    expect(new Set(tickets).size).toBe(200);
  });

  test("what a call keeps out of telemetry is not recorded", async () => {
    await major.generate([{ texts: ["It is a secret."] }], {
      telemetry: telemetry(),
      recordInputs: false,
    });

    await arrived();
    const sent = JSON.stringify(observed.agent.llmobsSpans().map(({ meta }) => meta));
    expect(sent).not.toContain("secret");
    expect(sent).not.toContain("parcel");
  });
});
