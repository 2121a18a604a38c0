import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { lastJson, runModule } from "./support/child-process.ts";

vi.setConfig({ testTimeout: 30_000 });

const agent = { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: "http://127.0.0.1:1" };
const load = `const { createTracing } = await import("@llmdevops/dd-core");
const print = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
`;

describe("an application without dd-trace", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dd-core-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A hook that makes dd-trace unresolvable for `require`, as where it is not installed. */
  const hide = (body: string) =>
    `import Module from "node:module";
    const resolve = Module._resolveFilename;
    Module._resolveFilename = function (name, ...rest) {
      if (name === "dd-trace") { ${body} }
      return resolve.call(this, name, ...rest);
    };`;
  const program = `${load}
    const tracing = createTracing({ llmobs: { enabled: true } });
    const result = await tracing.trace("work", { llmobs: { kind: "task" } }, async (span) => {
      tracing.annotate(span, { inputData: "text" });
      return tracing.getCurrentSpan() === span;
    });
    const report = await tracing.shutdown();
    print({ result, state: tracing.health().tracing, faults: tracing.health().faults, complete: report.complete });`;

  test("runs as it is and is told once how to install it", async () => {
    const hook = join(folder, "absent.mjs");
    const body = `throw Object.assign(new Error("Cannot find module 'dd-trace'"), { code: "MODULE_NOT_FOUND" });`;
    await writeFile(hook, hide(body));
    const finished = await runModule(program, agent, ["--import", hook]);

    expect(lastJson(finished)).toEqual({
      result: true,
      state: "unavailable",
      faults: { dd_trace_unavailable: 1 },
      complete: true,
    });
    expect(finished.errors).toBe(
      "[llmdevops] WARN dd-trace is not installed, so spans are not recorded. Install it with: npm install dd-trace@6\n",
    );
    expect(finished.status).toBe(0);
  });

  test("says in one line why a dd-trace that is there cannot be loaded", async () => {
    const hook = join(folder, "broken.mjs");
    await writeFile(hook, hide(`throw new Error("binary mismatch\\nsecond line");`));
    const finished = await runModule(program, agent, ["--import", hook]);

    expect(lastJson(finished)).toMatchObject({ state: "unavailable" });
    expect(finished.errors).toBe(
      "[llmdevops] WARN dd-trace could not be loaded, so spans are not recorded: binary mismatch\n",
    );
  });
});
