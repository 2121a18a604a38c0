import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { arrivals, printTable, startApplication } from "./fixtures/run-application.ts";

// Several processes each, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const rows: Record<string, unknown>[] = [];
let agent: TestAgent;

beforeEach(async () => {
  agent = await startTestAgent();
  return () => agent.stop();
});

afterAll(() => {
  printTable("500 spans, then the end of the process", rows);
});

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "llmdevops-spool-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function note(end: string, code: number | null, signal: string | null): void {
  const { received, duplicates } = arrivals(agent);
  rows.push({ end, received, duplicates, status: signal ?? code });
}

describe("500 spans arrive, and the process ends as it would have", () => {
  test.for([
    ["natural end", 0],
    ["process.exit", 3],
    ["uncaught exception", 1],
    ["unhandled rejection", 1],
  ] as const)("%s", async ([end, status]) => {
    // Time enough for a machine that others use too.
    const options = { delivery: { exitTimeoutMs: 10_000 } };
    const { code } = await startApplication(agent, { end, options }).ended;

    note(end, code, null);
    expect({ code, ...arrivals(agent) }).toEqual({ code: status, received: 500, duplicates: 0 });
    expect(agent.rejections()).toEqual([]);
    expect(agent.checkFailures()).toEqual([]);
  });

  test.for(["SIGTERM", "SIGINT"] as const)("%s without a handler", async (name) => {
    const application = startApplication(agent, { end: "wait" });
    await application.ready;
    application.child.kill(name);
    const { code, signal } = await application.ended;

    note(name, code, signal);
    expect({ signal, ...arrivals(agent) }).toEqual({
      signal: name,
      received: 500,
      duplicates: 0,
    });
  });

  test("SIGTERM with a handler of the application, which decides the status", async () => {
    const application = startApplication(agent, { end: "wait", host: "handler" });
    await application.ready;
    application.child.kill("SIGTERM");
    const { code, signal } = await application.ended;

    note("SIGTERM, own handler", code, signal);
    expect({ code, signal, ...arrivals(agent) }).toEqual({
      code: 7,
      signal: null,
      received: 500,
      duplicates: 0,
    });
  });

  test("LLM Observability events and evaluations too", async () => {
    const { code } = await startApplication(agent, { spans: 0, llmobs: 50, end: "process.exit" })
      .ended;

    expect(code).toBe(3);
    expect(agent.llmobsSpans()).toHaveLength(50);
    expect(agent.evaluations()).toHaveLength(50);
    expect(agent.spans()).toHaveLength(50);
  });
});

describe("with an Agent that takes nothing", () => {
  test("the end is held up no longer than its time limit, and the status stays", async () => {
    await agent.fail({ mode: "status", status: 503, retryAfterSeconds: null });

    const application = startApplication(agent, {
      end: "process.exit",
      options: { delivery: { exitTimeoutMs: 2000 } },
    });
    await application.started;
    const start = performance.now();
    const { code, errors } = await application.ended;

    expect(code).toBe(3);
    expect(errors).toBe("");
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(agent.requests().length).toBeGreaterThan(0);
  });

  test("opting out of the hooks leaves the end of the process alone", async () => {
    const { code } = await startApplication(agent, {
      end: "process.exit",
      options: { delivery: { flushOnExit: false } },
    }).ended;

    expect(code).toBe(3);
    expect(agent.requests()).toEqual([]);
  });
});

describe("with a spool directory", () => {
  test("what could not be delivered at exit is delivered once by the next start", async () => {
    const spoolDirectory = await temporaryDirectory();
    const options = { buffer: { spoolDirectory } };
    await agent.fail("refuse");
    await startApplication(agent, { end: "process.exit", options }).ended;
    const spooled = await readdir(spoolDirectory);
    await agent.fail(null);

    const nexts = [1, 2, 3].map(
      () => startApplication(agent, { spans: 1, seconds: 1, options }).ended,
    );
    const healths = (await Promise.all(nexts)).map(({ health }) => health?.link);

    expect(spooled).toHaveLength(1);
    expect(arrivals(agent)).toEqual({ received: 503, duplicates: 0 });
    expect(healths.map((link) => link?.recovered ?? 0).reduce((sum, count) => sum + count)).toBe(
      500,
    );
    expect(await readdir(spoolDirectory)).toEqual([]);
  });

  test("after SIGKILL the spooled spans arrive; the rest is what one flush interval holds", async () => {
    const spoolDirectory = await temporaryDirectory();
    const options = { buffer: { spoolDirectory } };
    await agent.fail("refuse");
    const application = startApplication(agent, { spans: 1_000_000, seconds: 2_000, options });
    await application.started;
    await delay(6_500);
    application.child.kill("SIGKILL");
    await application.ended;
    const files = await readdir(spoolDirectory);
    const spooled = files.reduce((sum, name) => sum + Number(name.split("-")[3] ?? 0), 0);
    await agent.fail(null);
    await startApplication(agent, { spans: 1, seconds: 1, options }).ended;

    const { received, duplicates } = arrivals(agent);
    const numbers = agent.spans().map(({ metrics }) => metrics["number"] ?? 0);
    rows.push({ end: "SIGKILL with spool", received: received - 1, duplicates, status: "SIGKILL" });
    // The next start made one span of its own.
    expect({ received, duplicates }).toEqual({ received: spooled + 1, duplicates: 0 });
    expect(spooled).toBeGreaterThan(1_000);
    // Spans are numbered, so a gap before the newest one would show.
    expect(new Set(numbers).size).toBe(spooled);
    expect(Math.max(...numbers)).toBe(spooled - 1);
  });
});
