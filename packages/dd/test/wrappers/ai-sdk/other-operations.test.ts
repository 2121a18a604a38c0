import { aiSdkTelemetry } from "@llmdevops/dd";
import { describe, expect, test } from "vitest";
import { collectGarbageUntil } from "../collect-garbage.ts";
import { useObservedClient } from "../observed-client.ts";
import { otherOperations } from "./other-operations.ts";

const observed = useObservedClient();
const telemetry = () => aiSdkTelemetry({ llm: observed.datadog });

async function readAll(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _part of stream) {
    // Only what is recorded matters.
  }
}

/** What arrived, nothing being open any more. */
async function arrived() {
  await expect.poll(() => observed.datadog.health().spans.open).toBe(0);
  const spans = await observed.arrived();
  return {
    operations: spans.filter(({ name }) => name.startsWith("ai.")),
    calls: spans
      .filter(({ meta }) => meta["llm.model"] !== undefined)
      .toSorted((a, b) => Number(a.start - b.start)),
  };
}

const object = ['{"place":', '"Lyon"}'];
const counts = {
  "llm.input_tokens": 120,
  "llm.output_tokens": 30,
  "llm.cache_read_input_tokens": 100,
};

describe.each(otherOperations)("$name", (sdk) => {
  test("an object is one model call below its operation", async () => {
    expect(await sdk.object({ texts: object }, telemetry())).toEqual({ place: "Lyon" });

    const { operations, calls } = await arrived();
    expect(operations.map(({ name, error }) => [name, error])).toEqual([["ai.generateObject", 0]]);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.parentId).toBe(operations[0]?.spanId);
    expect(calls[0]?.metrics).toMatchObject(counts);
    const sent = observed.agent.llmobsSpans().find(({ kind }) => kind === "llm");
    expect(JSON.stringify(sent?.meta["output"])).toContain("Lyon");
  });

  test("an answer that is no such object fails the operation, and not the model call", async () => {
    const call = sdk.object({ texts: ["no object"] }, telemetry());

    await expect(call).rejects.toThrow();
    const { operations, calls } = await arrived();
    expect(operations.map(({ error }) => error)).toEqual([1]);
    expect(calls.map(({ error, metrics }) => [error, metrics["llm.output_tokens"]])).toEqual([
      [0, 30],
    ]);
  });

  test("a refused object has failed, with its operation", async () => {
    await expect(sdk.object({ refusal: sdk.refusal() }, telemetry())).rejects.toThrow();

    const { operations, calls } = await arrived();
    expect(operations.map(({ error }) => error)).toEqual([1]);
    expect(calls.map(({ meta }) => meta["error.type"])).toEqual(["rate_limit"]);
  });

  test("a streamed object that is read to its end is one model call with its counts", async () => {
    await readAll(sdk.streamObject({ texts: object }, telemetry()));

    const { operations, calls } = await arrived();
    expect(operations.map(({ name, error }) => [name, error])).toEqual([["ai.streamObject", 0]]);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.metrics).toMatchObject(counts);
  });

  test("a streamed answer that is no such object is a failure of the operation where the SDK tells of it", async () => {
    await readAll(sdk.streamObject({ texts: ["no object"] }, telemetry())).catch(() => {});

    const { operations, calls } = await arrived();
    // Only version 7 tells of what has become of the object.
    expect(operations.map(({ error }) => error)).toEqual([sdk.version === 7 ? 1 : 0]);
    expect(calls.map(({ error }) => error)).toEqual([0]);
  });

  test("a streamed object that breaks, is aborted or dropped leaves nothing open", async () => {
    const abort = new AbortController();
    const leave = async () => {
      const broken = { texts: object, streamError: new TypeError("terminated") };
      await readAll(sdk.streamObject(broken, telemetry())).catch(() => {});
      const held = { texts: object, isHeld: true };
      for await (const _part of sdk.streamObject(held, telemetry())) break;
      const aborted = readAll(sdk.streamObject(held, telemetry(), abort.signal)).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 20));
      abort.abort();
      await aborted;
    };
    await leave();

    await collectGarbageUntil(() => observed.datadog.health().spans.open === 0);

    const { operations, calls } = await arrived();
    expect([operations.length, calls.length]).toEqual([3, 3]);
    const outcomes = operations.map(({ meta }) => meta["llm.stream_outcome"]).toSorted();
    // Version 7 tells nothing of a stream of objects that does not end.
    expect(outcomes).toEqual(
      sdk.version === 7
        ? ["cancelled", "cancelled", "cancelled"]
        : ["aborted", "cancelled", "failed"],
    );
  });

  test("an embedding is one call with its tokens", async () => {
    await sdk.embed("parcel", [7], telemetry());

    const { operations, calls } = await arrived();
    expect(operations.map(({ name }) => name)).toEqual(["ai.embed"]);
    expect(
      calls.map(({ meta, metrics }) => [meta["llm.request_type"], metrics["llm.input_tokens"]]),
    ).toEqual([["embed", 7]]);
    expect(calls[0]?.parentId).toBe(operations[0]?.spanId);
  });

  test("embeddings of many texts are one call for each request", async () => {
    await sdk.embed(["a", "b", "c", "d"], [2, 3], telemetry());

    const { operations, calls } = await arrived();
    expect(operations.map(({ name }) => name)).toEqual(["ai.embedMany"]);
    expect(calls.map(({ metrics }) => metrics["llm.input_tokens"]).toSorted()).toEqual([2, 3]);
  });
});

// Version 4 waits for two seconds, whatever the provider says.
describe.each(otherOperations.filter(({ version }) => version > 4))("$name", (sdk) => {
  test("a text that is asked for again is a call for each attempt, in one operation", async () => {
    const scripts = [{ refusal: sdk.refusal() }, { texts: ["In Lyon."] }];

    expect(await sdk.text(scripts, telemetry())).toBe("In Lyon.");

    const { operations, calls } = await arrived();
    expect(operations.map(({ error }) => error)).toEqual([0]);
    expect(calls.map(({ meta }) => meta["error.type"])).toEqual(["rate_limit", undefined]);
    for (const { parentId } of calls) expect(parentId).toBe(operations[0]?.spanId);
  });

  test("requests that are made again leave nothing open", async () => {
    await sdk.embed("parcel", [sdk.refusal(), 7], telemetry());
    await sdk.embed(["a", "b", "c", "d"], [sdk.refusal(), 2, 3], telemetry());

    const { operations, calls } = await arrived();
    expect(operations.map(({ error }) => error)).toEqual([0, 0]);
    const succeeded = calls.filter(({ error }) => error === 0);
    expect(succeeded.map(({ metrics }) => metrics["llm.input_tokens"]).toSorted()).toEqual([
      2, 3, 7,
    ]);
    if (sdk.version === 7) expect(succeeded[0]?.metrics["llm.retries"]).toBe(1);
  });
});

describe.each(otherOperations.filter(({ version }) => version >= 6))("$name", (sdk) => {
  test("a reranking is one call, also where it is made again", async () => {
    await sdk.rerank([1], telemetry());
    await sdk.rerank([sdk.refusal(), 1], telemetry());

    const { operations, calls } = await arrived();
    expect(operations.map(({ name, error }) => [name, error])).toEqual([
      ["ai.rerank", 0],
      ["ai.rerank", 0],
    ]);
    const succeeded = calls.filter(({ error }) => error === 0);
    expect(succeeded.map(({ meta }) => meta["llm.request_type"])).toEqual(["rerank", "rerank"]);
    expect(succeeded[0]?.meta).toMatchObject({
      "llm.provider": "cohere",
      "llm.model": "rerank-v3.5",
    });
    const sent = JSON.stringify(observed.agent.llmobsSpans().map(({ meta }) => meta["input"]));
    expect(sent).toContain("refunds within 30 days");
  });
});

describe.each(otherOperations.filter(({ version }) => version === 7))("$name", (sdk) => {
  test("speech and transcription are one call each, with what was said", async () => {
    await sdk.speak([1], telemetry());
    await sdk.transcribe([1], telemetry());

    const { operations, calls } = await arrived();
    expect(operations.map(({ name }) => name)).toEqual(["ai.generateSpeech", "ai.transcribe"]);
    expect(calls.map(({ meta }) => [meta["llm.request_type"], meta["llm.model"]])).toEqual([
      ["audio", "gpt-4o-mini-tts"],
      ["audio", "whisper-1"],
    ]);
    // A minute of audio, at the published price.
    expect(calls[1]?.metrics["llm.cost.total_usd"]).toBeCloseTo(0.006, 9);
    const [spoken, transcript] = observed.agent
      .llmobsSpans()
      .filter(({ kind }) => kind === "llm")
      .toSorted((a, b) => a.startNs - b.startNs);
    expect(JSON.stringify(spoken?.meta["input"])).toContain("It is on its way.");
    expect(JSON.stringify(spoken?.meta["output"] ?? "")).not.toContain("It is on its way.");
    expect(JSON.stringify(transcript?.meta["output"])).toContain("Where is my parcel?");
  });

  test("speech and transcription that are refused have failed, with their operations", async () => {
    await expect(sdk.speak([sdk.refusal()], telemetry())).rejects.toThrow();
    await expect(sdk.transcribe([sdk.refusal()], telemetry())).rejects.toThrow();

    const { operations, calls } = await arrived();
    expect(operations.map(({ error }) => error)).toEqual([1, 1]);
    expect(calls.map(({ meta }) => meta["error.type"])).toEqual(["rate_limit", "rate_limit"]);
  });
});
