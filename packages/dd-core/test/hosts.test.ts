import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { lastJson, runModule } from "./support/child-process.ts";
import { type Intake, startIntake } from "./support/intake.ts";

vi.setConfig({ testTimeout: 30_000 });

let intake: Intake;
let environment: Record<string, string>;
beforeAll(async () => {
  intake = await startIntake();
  environment = { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: intake.url };
});
afterAll(() => intake.stop());
beforeEach(() => {
  intake.received.length = 0;
});

const sentText = () => Buffer.concat(intake.received.map(({ body }) => body)).toString("latin1");
const print = `const print = (value) => process.stdout.write(JSON.stringify(value) + "\\n");`;

describe("a host in CommonJS", () => {
  test("requires the package, and its spans arrive", async () => {
    const finished = await runModule(
      `const { createTracing, ConfigurationError } = require("@llmdevops/dd-core");
      ${print}
      const tracing = createTracing();
      tracing.trace("from CommonJS", async () => {}).then(() => tracing.shutdown()).then((report) => {
        let refused = false;
        try { createTracing({ sampling: { rate: 2 } }); } catch (error) { refused = error instanceof ConfigurationError; }
        print({ complete: report.complete, state: tracing.health().tracing, refused });
      });`,
      environment,
      ["--input-type=commonjs"],
    );

    expect(lastJson(finished)).toEqual({ complete: true, state: "active", refused: true });
    expect(finished.errors).toBe("");
    expect(sentText()).toContain("from CommonJS");
  });

  test("shares one client's state with the ECMAScript modules of the same process", async () => {
    const finished = await runModule(
      `const required = require("@llmdevops/dd-core");
      ${print}
      import("@llmdevops/dd-core").then((imported) => {
        print({ same: imported.createTracing === required.createTracing });
      });`,
      environment,
      ["--input-type=commonjs"],
    );

    expect(lastJson(finished)).toEqual({ same: true });
  });
});

describe("two copies of the package", () => {
  let folder: string;
  let entries: { readonly ONE: string; readonly OTHER: string };

  // As where two versions are installed: modules of their own, and one dd-trace.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "llmdevops-copies-"));
    const scope = join(folder, "node_modules", "@llmdevops");
    await mkdir(scope, { recursive: true });
    const packages = join(import.meta.dirname, "..", "..");
    for (const name of ["dd-propagation", "dd-redaction"]) {
      await symlink(join(packages, name), join(scope, name));
    }
    const tracer = createRequire(import.meta.url).resolve("dd-trace/package.json");
    await symlink(dirname(tracer), join(folder, "node_modules", "dd-trace"));
    const source = join(packages, "dd-core", "src");
    await cp(source, join(folder, "copy", "src"), { recursive: true });
    await cp(join(packages, "dd-core", "package.json"), join(folder, "copy", "package.json"));
    entries = {
      ONE: join(source, "index.ts"),
      OTHER: join(folder, "copy", "src", "index.ts"),
    };
  });
  afterAll(() => rm(folder, { recursive: true }));

  const load = `
    const one = await import(process.env.ONE);
    const other = await import(process.env.OTHER);
    ${print}
    const lines = [];
    const keep = (line) => void lines.push(line);
    const logger = { error: keep, warn: keep, info() {}, debug() {} };
    const [first, second] = [one, other].map(({ createTracing }) => createTracing({ logger }));`;

  test("have spans in one trace: the active one, a parent, a link and headers are understood by both", async () => {
    const finished = await runModule(
      `${load}
      const outer = first.startSpan("outer");
      const inner = first.withSpan(outer, () => second.startSpan("inner"));
      const named = second.startSpan("named", { childOf: outer, links: [{ context: outer }] });
      const headers = second.injectContext({}, outer);
      const logged = first.withSpan(outer, () => second.getCorrelationIds());
      print({
        different: one.createTracing !== other.createTracing,
        active: inner.traceId === outer.traceId,
        parent: named.traceId === outer.traceId,
        headers: headers["x-datadog-parent-id"] === outer.spanId,
        logs: logged["dd.span_id"] === outer.spanId,
        ended: (second.finishSpan(named), named.finished),
        faults: [first.health().faults, second.health().faults],
        lines,
      });`,
      { ...environment, ...entries },
    );

    expect(lastJson(finished)).toEqual({
      different: true,
      active: true,
      parent: true,
      headers: true,
      logs: true,
      ended: true,
      faults: [{}, {}],
      lines: [],
    });
  });

  test("deliver by one link, once, and each knows the other's spans as foreign", async () => {
    const finished = await runModule(
      `${load}
      first.trace("of the first", () => second.trace("of the second", () => {}));
      const reports = await Promise.all([first.shutdown(), second.shutdown()]);
      const { totals } = first.health();
      print({
        complete: reports.map(({ complete }) => complete),
        accepted: reports.map(({ link }) => link.accepted),
        totals,
        adds: totals.created === totals.open + totals.buffered + totals.exported + totals.dropped,
      });`,
      { ...environment, ...entries },
    );

    expect(lastJson(finished)).toMatchObject({
      complete: [true, true],
      accepted: [2, 2],
      totals: { created: 2, exported: 2, foreign: 1 },
      adds: true,
    });
    expect(intake.received.filter(({ path }) => path === "/v0.4/traces")).toHaveLength(1);
  });

  test("know each other's errors, and guard what goes through either", async () => {
    const finished = await runModule(
      `${load}
      const refused = (create) => { try { create({ service: "s", sampling: { rate: 2 } }); } catch (error) { return error; } };
      const error = refused(other.createTracing);
      second.trace("guarded", (span) => void span.setTag("mail", "ada@example.com").setTag("password", "hunter2"));
      await second.flush();
      print({
        known: [one.DatadogAPMError, one.ConfigurationError, one.InvalidSampleRateError].map((type) => type.isInstance(error)),
        other: one.ConnectionError.isInstance(error),
        code: error.code,
      });`,
      { ...environment, ...entries },
    );

    expect(lastJson(finished)).toEqual({
      known: [true, true, true],
      other: false,
      code: "INVALID_SAMPLE_RATE",
    });
    expect(sentText()).toContain("[EMAIL_REDACTED]");
    expect(sentText()).not.toMatch(/ada@|hunter2/);
  });
});

describe("worker threads", () => {
  const worker = `
    (async () => {
      const { workerData, parentPort } = await import("node:worker_threads");
      const { createTracing } = await import("@llmdevops/dd-core");
      const tracing = createTracing();
      const childOf = tracing.extractContext(workerData.context);
      await tracing.trace("in the worker", { childOf }, async (span) => {
        await new Promise((resolve) => setImmediate(resolve));
        parentPort.postMessage({
          traceId: span.traceId,
          active: tracing.getCurrentSpan() === span,
          state: tracing.health().tracing,
        });
      });
      if (workerData.flushes) parentPort.postMessage({ complete: (await tracing.shutdown()).complete });
    })();`;
  const main = (flushes: boolean) => `
    const { Worker } = await import("node:worker_threads");
    const { createTracing } = await import("@llmdevops/dd-core");
    ${print}
    const tracing = createTracing();
    const messages = [];
    const seen = await tracing.trace("in the main thread", async (span) => {
      const workerData = { context: tracing.injectContext({}), flushes: ${flushes} };
      const thread = new Worker(${JSON.stringify(worker)}, { eval: true, workerData });
      thread.on("message", (message) => void messages.push(message));
      const code = await new Promise((resolve, reject) => thread.on("exit", resolve).on("error", reject));
      return { code, traceId: span.traceId };
    });
    await tracing.shutdown();
    print({ ...seen, messages });`;

  test.each([true, false])(
    "have a client of their own in the same trace, whose spans arrive (shut down: %s)",
    async (flushes) => {
      const finished = await runModule(main(flushes), environment);
      const { code, traceId, messages } = lastJson(finished) as Record<string, unknown>;

      expect(finished.errors).toBe("");
      expect(code).toBe(0);
      expect(messages).toEqual([
        { traceId, active: true, state: "active" },
        ...(flushes ? [{ complete: true }] : []),
      ]);
      expect(sentText()).toContain("in the main thread");
      expect(sentText()).toContain("in the worker");
    },
  );
});
