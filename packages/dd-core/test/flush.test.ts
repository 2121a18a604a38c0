import { afterAll, describe, expect, test } from "vitest";
import { createTracing, silentLogger } from "../src/index.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake, counted } = await startRealTracing({ flushTimeoutMs: 150 });
afterAll(() => intake.stop());

const sentText = () => Buffer.concat(intake.received.map(({ body }) => body)).toString("latin1");

// In this order: once the Agent has failed, the link waits before it tries again.
describe("a flush", () => {
  test("is complete when everything finished has been accepted, and counts what is open", async () => {
    const open = tracing.startSpan("still-open", { childOf: null });
    tracing.trace("flushed", { childOf: null }, () => {});
    const report = await tracing.flush();

    expect(report).toMatchObject({ complete: true, openSpans: 1 });
    expect(report.durationMs).toBeGreaterThan(0);
    expect(sentText()).toContain("flushed");
    expect(sentText()).not.toContain("still-open");
    open.finish();
    expect((await tracing.flush()).openSpans).toBe(0);
  });

  test("of nothing is complete at once", async () => {
    const before = intake.received.length;

    expect(await tracing.flush()).toMatchObject({ complete: true });
    expect(intake.received).toHaveLength(before);
  });

  test("may run several times at once", async () => {
    const before = intake.received.length;
    tracing.trace("together", () => {});
    const reports = await Promise.all([tracing.flush(), tracing.flush(), tracing.shutdown()]);

    expect(reports).toHaveLength(3);
    expect(intake.received).toHaveLength(before + 1);
  });

  test("works after a shutdown too, after which the client can still be used", async () => {
    await tracing.shutdown();
    tracing.trace("afterwards", { childOf: null }, () => {});

    expect(await tracing.flush()).toMatchObject({ complete: true });
    expect(sentText()).toContain("afterwards");
  });

  test("ends at its time limit, incomplete and counted, when the Agent does not answer", async () => {
    intake.respond = () => {};
    tracing.trace("unanswered", () => {});
    const before = tracing.health().faults["flush_incomplete"] ?? 0;
    const { complete, durationMs } = await tracing.flush();

    expect(complete).toBe(false);
    expect(durationMs).toBeLessThan(1_900);
    expect(tracing.health().faults["flush_incomplete"]).toBe(before + 1);
  });

  test("is incomplete when the Agent refuses", async () => {
    intake.respond = (response) => void response.writeHead(500).end();
    tracing.trace("refused", () => {});

    expect(await tracing.flush()).toMatchObject({ complete: false });
  });
});

test("health shows the state, the address, the spans and the faults", () => {
  const counts = counted(() => tracing.finishSpan(undefined as never));
  const health = tracing.health();

  expect(counts).toEqual({ invalid_span: 1 });
  expect(health).toMatchObject({ tracing: "active", agentUrl: intake.url });
  expect(health.spans.created).toBe(health.spans.finished);
  expect(health.spans.open).toBe(0);
  expect(health.faults).toEqual(tracing.diagnostics.counts());
  expect(health.lastError).toEqual(tracing.diagnostics.lastError());
});

test("a client without effect flushes at once and has spans that can be used", async () => {
  const off = createTracing({ service: "checkout", enabled: false, logger: silentLogger });
  const parent = off.startSpan("parent", { tags: { a: 1, password: "hunter2" } });
  const inside = off.withSpan(parent, () => off.getCurrentSpan());
  parent.setError(new Error("x")).addEvent("e").addLink(parent);

  expect(off.health()).toMatchObject({ tracing: "disabled", faults: {} });
  expect(off.llmobsEnabled).toBe(false);
  expect(inside).toBe(parent);
  expect(parent.getTag("a")).toBe(1);
  expect(parent.getTag("password")).toBe("[REDACTED]");
  expect(parent.getTag("error.message")).toBe("x");
  expect(parent.context()).toMatchObject({ traceId: "0", traceIdHex: "0".repeat(32), spanId: "0" });
  expect(off.injectContext({}, parent)).toEqual({});
  expect(off.getCorrelationIds(parent)["dd.trace_id"]).toBe("");
  off.annotate(parent, { inputData: "text" });
  expect(off.trace("t", () => off.getCurrentSpan()?.name)).toBe("t");
  parent.finish();
  expect(await off.shutdown()).toMatchObject({ complete: true, openSpans: 0 });
});
