import { setTimeout as delay } from "node:timers/promises";
import { createClient, type DatadogAPMClient } from "@llmdevops/dd";
import {
  type ProviderServer,
  type ReceivedSpan,
  startProviderServer,
  startTestAgent,
  type TestAgent,
} from "@llmdevops/dd-testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { collectGarbageUntil } from "./collect-garbage.ts";
import { type SdkTarget, sdkTargets } from "./sdk-targets.ts";
import { type Exit, exits, type Seen } from "./stream-exits.ts";

let agent: TestAgent;
let datadog: DatadogAPMClient;

beforeAll(async () => {
  agent = await startTestAgent();
  datadog = createClient({
    service: "wrappers",
    env: "test",
    agent: { url: agent.url },
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
    llmobs: { enabled: true, mlApp: "wrappers" },
  });
});

beforeEach(async () => {
  await datadog.flush();
  agent.clear();
});

afterAll(async () => {
  await datadog.shutdown();
  await agent.stop();
});

/** Headers that tell the time would differ between two runs, and Gemini shows them in its chunks. */
const fixedHeaders = {
  // Today's: the AWS SDK takes a refusal at another time for a clock that is wrong, and asks again.
  date: new Date().toUTCString(),
  "server-timing": "gfet4t7; dur=1",
  "x-amzn-requestid": "00000000-0000-4000-8000-000000000000",
};

/** One run of an exit against a provider server of its own, so that two runs get the same bytes. */
async function runExit(target: SdkTarget, exit: Exit, isInstrumented: boolean) {
  await using server = await startProviderServer({ now: () => 1_700_000_000_000 });
  server.enqueue(...exit.replies.map((reply) => ({ ...reply, headers: fixedHeaders })));
  const sdk = target.connect(server);
  if (isInstrumented) target.instrument(sdk.client, { llm: datadog });
  const seen: Seen = { chunks: [] };
  await exit.run(sdk, seen, server);
  if (seen.error !== undefined) seen.error = seen.error.replaceAll(server.url, "");
  await settle(server, target.letsLeftStreamsGoOn === true && exit.isLeft === true);
  const [request] = server.requests();
  return {
    seen,
    request: {
      outcome: request?.outcome,
      abortedAtChunk: request?.abortedAtChunk,
      requests: server.requests().length,
    },
  };
}

/** Waits until the server has seen the end of every request; where none comes, as long as one would take. */
async function settle(server: ProviderServer, goesOn: boolean): Promise<void> {
  if (goesOn) return delay(50);
  await vi.waitFor(
    () => expect(server.requests().map(({ outcome }) => outcome)).not.toContain("in_progress"),
    { timeout: 15_000, interval: 1 },
  );
}

function openSpans(): number {
  return datadog.health().spans.open;
}

async function arrivedSpans(): Promise<ReceivedSpan[]> {
  const report = await datadog.flush();
  expect(report.openSpans).toBe(0);
  return agent.spans();
}

describe.each(sdkTargets)("$name", (target) => {
  test.each(exits)("$name: same for the application, one right span", async (exit) => {
    const bare = await runExit(target, exit, false);
    const observed = await runExit(target, exit, true);

    expect(observed.seen).toEqual(bare.seen);
    if (exit.isTimed !== true) expect(observed.request).toEqual(bare.request);

    if (exit.isForgotten === true) await collectGarbageUntil(() => openSpans() === 0);
    const expected = exit.expected(target);
    const spans = await arrivedSpans();
    expect(spans).toHaveLength(1);
    const [span] = spans;
    expect(span?.meta).toMatchObject({
      "llm.provider": target.provider,
      "llm.model": target.model,
    });
    if (expected.outcome !== undefined) {
      expect(span?.meta["llm.stream_outcome"]).toBe(expected.outcome);
    }
    expect(span?.metrics["llm.retries"]).toBe(expected.retries);
    if (expected.error === "any") expect(span?.error).toBe(1);
    else expect(span?.meta["error.type"]).toBe(expected.error);
    if (expected.completed) {
      expect(span?.metrics).toMatchObject({
        "llm.input_tokens": 120,
        "llm.output_tokens": 30,
        "llm.cache_read_input_tokens": 100,
      });
    }
    expect(agent.rejections()).toEqual([]);
  });
});
