import Anthropic from "@anthropic-ai/sdk";
import { instrumentAnthropic, instrumentOpenAI } from "@llmdevops/dd";
import type { ReceivedSpan } from "@llmdevops/dd-testing";
import OpenAI from "openai";
import { describe, expect, test, vi } from "vitest";
import { useObservedClient } from "../observed-client.ts";
import { sdkTargets } from "../sdk-targets.ts";

const observed = useObservedClient();
const callsAtOnce = 200;

const usage = { inputTokens: 120, outputTokens: 30 };

function calls(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  return spans.filter(({ meta }) => meta["llm.model"] !== undefined);
}

/** The newest version of each SDK. */
const newest = sdkTargets.filter((_target, index) => index % 2 === 0);

describe.each(newest)("one client of $name", (target) => {
  test("at 200 calls at once each has its own parent and end", async () => {
    // Streams in turns, so that none is through before the next begins.
    observed.server.respond({}, { text: "one two three", chunks: 3, chunkDelayMs: 1, usage });
    const sdk = target.connect(observed.server);
    target.instrument(sdk.client, { llm: observed.datadog });
    const run = async (number: number) => {
      const abort = new AbortController();
      if (number % 3 === 0) return void (await sdk.complete());
      try {
        for await (const chunk of await sdk.stream({ signal: abort.signal })) {
          if (number % 3 === 1 && /one/.test(textOf(chunk))) abort.abort();
        }
      } catch {
        // Some SDKs throw what the application has aborted.
      }
    };

    await Promise.all(
      Array.from({ length: callsAtOnce }, (_, number) =>
        observed.datadog.trace(`ticket.${number}`, () => run(number)),
      ),
    );

    await expect.poll(() => observed.datadog.health().spans.open).toBe(0);
    const spans = await observed.arrived();
    const parents = new Map(spans.map((span) => [span.spanId, span.name]));
    const outcomes = new Map<number, unknown>();
    for (const call of calls(spans)) {
      const parent = parents.get(call.parentId) ?? "none";
      outcomes.set(Number(parent.slice("ticket.".length)), call.meta["llm.stream_outcome"]);
      expect(call.error).toBe(0);
    }
    expect(calls(spans)).toHaveLength(callsAtOnce);
    expect(outcomes.size).toBe(callsAtOnce);
    for (const [number, outcome] of outcomes) {
      const expected = [undefined, "aborted", "completed"][number % 3];
      expect(outcome, `of call ${number}`).toBe(expected);
    }
  }, 30_000);
});

/** A chunk as text, also where Bedrock packs it in bytes. */
function textOf(chunk: unknown): string {
  return JSON.stringify(chunk, (_key, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  );
}

const chat = { model: "gpt-4o", messages: [{ role: "user" as const, content: "q" }] };
const settings = () => ({
  apiKey: "test",
  baseURL: observed.server.baseUrls.openai,
  maxRetries: 0,
});

describe("a client of the application's own class", () => {
  class Desk extends OpenAI {
    readonly #department = "orders";
    readonly paths: string[] = [];

    get department(): string {
      return this.#department;
    }

    override post<Rsp>(...args: Parameters<OpenAI["post"]>) {
      this.paths.push(args[0]);
      return super.post<Rsp>(...args);
    }
  }

  test("keeps its methods and private fields, and so do its copies", async () => {
    const desk = instrumentOpenAI(new Desk(settings()), { llm: observed.datadog });
    const copy = desk.withOptions({ timeout: 5_000 }).withOptions({ maxRetries: 1 });

    await desk.chat.completions.create(chat);
    await copy.chat.completions.create(chat);

    expect(copy).toBeInstanceOf(Desk);
    expect([desk.department, copy.department]).toEqual(["orders", "orders"]);
    expect([desk.paths, copy.paths]).toEqual([["/chat/completions"], ["/chat/completions"]]);
    expect(calls(await observed.arrived())).toHaveLength(2);
  });

  test("copies of an Anthropic client are recorded with the same options", async () => {
    const client = instrumentAnthropic(
      new Anthropic({ apiKey: "test", baseURL: observed.server.baseUrls.anthropic }),
      { llm: observed.datadog, metricTags: { team: "orders" } },
    );

    await client.withOptions({ maxRetries: 0 }).messages.create({ ...chat, max_tokens: 9 });

    const [call] = calls(await observed.arrived());
    expect(call?.meta["team"]).toBe("orders");
  });
});

describe("two copies of this package", () => {
  test("record a client of both once, and either takes it off", async () => {
    vi.resetModules();
    const second = await import("@llmdevops/dd-llm");
    expect(second.instrumentOpenAI).not.toBe(instrumentOpenAI);
    const client = instrumentOpenAI(new OpenAI(settings()), { llm: observed.datadog });

    second.instrumentOpenAI(client, { llm: observed.datadog });
    await client.chat.completions.create(chat);
    await client.withOptions({ timeout: 5_000 }).chat.completions.create(chat);
    expect(calls(await observed.arrived())).toHaveLength(2);

    second.uninstrument(client);
    observed.agent.clear();
    await client.chat.completions.create(chat);
    expect(await observed.arrived()).toEqual([]);
  });

  test("record a call of a framework once, whose client the other copy has instrumented", async () => {
    vi.resetModules();
    const second = await import("@llmdevops/dd-llm");
    const client = instrumentOpenAI(new OpenAI(settings()), { llm: observed.datadog });
    const processor = second.createOpenAIAgentsProcessor({
      agents: observed.datadog,
      llm: observed.datadog,
    });
    const facts = { traceId: "t", spanId: "s", spanData: { type: "response" } };

    await processor.onTraceStart({ traceId: "t", name: "desk" });
    void processor.onSpanStart(facts);
    const { id } = await client.chat.completions.create(chat);
    await processor.onSpanEnd({ ...facts, spanData: { type: "response", response_id: id } });
    await processor.onTraceEnd({ traceId: "t" });

    expect(calls(await observed.arrived())).toHaveLength(1);
  });
});
