import { describe, expect, test, vi } from "vitest";
import type { WaitCondition } from "../../src/agent/wait-condition.ts";
import { WaitTimeoutError } from "../../src/agent/wait-for-records.ts";
import { oneSpanPayload, putTraces } from "../support/trace-payload.ts";
import { withAgent } from "../support/with-agent.ts";

describe("waitFor", () => {
  test("resolves at once for what is already there", async () => {
    const agent = await withAgent();
    await putTraces(agent.url, oneSpanPayload());

    await agent.waitFor({ spans: 1, traces: 1, requests: 1 }, { timeoutMs: 0 });

    expect(agent.spans()).toHaveLength(1);
  });

  test("resolves when the last of several conditions is met", async () => {
    const agent = await withAgent();
    let met = false;

    const wait = agent.waitFor({ spans: (span) => span.name === "b", traces: 2 }).then(() => {
      met = true;
    });
    await putTraces(agent.url, oneSpanPayload({ name: "a", trace_id: 1n }));
    const early = met;
    await putTraces(agent.url, oneSpanPayload({ name: "b", trace_id: 2n }));
    await wait;

    expect([early, met]).toEqual([false, true]);
  });

  test("counts what arrived although the limit let it go", async () => {
    const agent = await withAgent({ maxSpans: 1 });
    await putTraces(agent.url, oneSpanPayload({ span_id: 1 }));
    await putTraces(agent.url, oneSpanPayload({ span_id: 2 }));

    await agent.waitFor({ spans: 2 }, { timeoutMs: 0 });

    expect(agent.spans().map(({ spanId }) => spanId)).toEqual(["2"]);
    expect(agent.discarded().spans).toBe(1);
  });

  test("takes a predicate over the agent, which may be asynchronous", async () => {
    const agent = await withAgent();

    const wait = agent.waitFor(async (seen) => seen.spans().length === 1);
    await putTraces(agent.url, oneSpanPayload());

    await expect(wait).resolves.toBeUndefined();
  });

  test("does not miss what arrives while a predicate is being judged", async () => {
    const agent = await withAgent();
    let judged = 0;

    await agent.waitFor(async (seen) => {
      const before = seen.spans().length;
      judged += 1;
      if (judged === 1) await putTraces(agent.url, oneSpanPayload());
      return before === 1;
    });

    expect(judged).toBe(2);
  });

  test("rejects after its time with a message that shows what did arrive", async () => {
    const agent = await withAgent();
    await putTraces(agent.url, oneSpanPayload());
    await putTraces(agent.url, Uint8Array.of(0xc1));

    const wait = agent.waitFor({ spans: 2, metrics: () => true }, { timeoutMs: 1 });

    await expect(wait).rejects.toBeInstanceOf(WaitTimeoutError);
    await expect(wait).rejects.toHaveProperty("name", "WaitTimeoutError");
    await expect(wait).rejects.toThrow(
      /^waited for 2 spans and metrics matching a predicate: gave up after 1 ms\.\nArrived: spans 1, metrics 0, .*\nspans:\n {2}shop\/web\.request \(GET \/\)\nrequests:\n {2}PUT \/v0\.4\/traces 200\n {2}PUT \/v0\.4\/traces 400\nrejections:\n {2}\/v0\.4\/traces 400 .*0xc1 at byte 0$/,
    );
  });

  test("shows only the last 20 of a long list, and what the limits discarded", async () => {
    const agent = await withAgent({ maxSpans: 21 });
    for (let id = 1; id <= 22; id += 1) {
      await putTraces(agent.url, oneSpanPayload({ span_id: id, name: `span-${id}` }));
    }

    const wait = agent.waitFor({ logs: 1 }, { timeoutMs: 0 });

    await expect(wait).rejects.toThrow(
      /spans 21 \(\+1 discarded\)[\s\S]*Last 20 of 21 spans:\n {2}shop\/span-3 /,
    );
  });

  test("names every kind of record that arrived", async () => {
    const agent = await withAgent();
    await fetch(`${agent.url}/dogstatsd/v2/proxy`, {
      method: "POST",
      body: "llm.tokens:1:2|d\n_e{6,1}:deploy|x\n_sc|llm.up|2",
    });
    const span = { span_id: "1", trace_id: "2", name: "ask", start_ns: 1, duration: 1 };
    await fetch(`${agent.url}/evp_proxy/v2/api/v2/llmobs`, {
      method: "POST",
      body: JSON.stringify([{ event_type: "span", spans: [{ ...span, meta: { kind: "llm" } }] }]),
    });
    await agent.fail("reset", { times: 1 });
    await fetch(agent.url).catch(() => {});

    const wait = agent.waitFor({ logs: 1 }, { timeoutMs: 0 });

    for (const part of [
      "metrics:\n  llm.tokens:1:2|d\n",
      "events:\n  deploy\n",
      "service checks:\n  llm.up 2\n",
      "LLM Observability spans:\n  llm ask\n",
      "  GET / no answer",
    ]) {
      await expect(wait).rejects.toThrow(part);
    }
  });

  test("rejects when the agent is stopped", async () => {
    const agent = await withAgent();

    const wait = agent.waitFor({ spans: 1 });
    const rejected = expect(wait).rejects.toThrow("waited for 1 spans: the agent was stopped");
    await agent.stop();

    await rejected;
    await expect(agent.waitFor(() => false)).rejects.toThrow("a predicate: the agent was stopped");
  });

  test("rejects with what a predicate throws", async () => {
    const agent = await withAgent();

    const wait = agent.waitFor(() => {
      throw new Error("from the test");
    });

    await expect(wait).rejects.toThrow("from the test");
  });

  test.each<[unknown, string]>([
    [{ span: 1 }, "unknown kind span; known are spans, metrics"],
    [{ spans: "1" }, "spans must be a number or a function"],
  ])("throws for the condition %j, which could never be met", async (condition, message) => {
    const agent = await withAgent();

    expect(() => agent.waitFor(condition as WaitCondition)).toThrow(message);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    "rejects for a time of %d",
    async (timeoutMs) => {
      const agent = await withAgent();

      await expect(agent.waitFor({ spans: 1 }, { timeoutMs })).rejects.toThrow("timeoutMs must be");
    },
  );

  test("leaves no timer behind", async () => {
    const agent = await withAgent();
    await putTraces(agent.url, oneSpanPayload());
    const cleared = vi.spyOn(globalThis, "clearTimeout");

    await agent.waitFor({ spans: 1 });

    expect(cleared).toHaveBeenCalledOnce();
    cleared.mockRestore();
  });
});
