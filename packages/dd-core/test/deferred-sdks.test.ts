import { expect, test, vi } from "vitest";
import { lastJson, runModule } from "./support/child-process.ts";

vi.setConfig({ testTimeout: 30_000 });

// dd-trace can be initialised once in a process, so each of these has one of its own.
const load = `const { createTracing, silentLogger } = await import("@llmdevops/dd-core");
const { createRequire } = await import("node:module");
const require = createRequire(process.cwd() + "/index.js");
const isLoaded = (part) => Object.keys(require.cache).some((file) => file.includes("dd-trace/src/" + part));
const print = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
`;
const environment = { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: "http://127.0.0.1:1" };

test("dd-trace's SDKs for protection and LLM Observability are loaded when they are used, and work then", async () => {
  const finished = await runModule(
    `${load}
    createTracing({ logger: silentLogger }).startSpan("work").finish();
    const tracer = require("dd-trace");
    const before = [isLoaded("appsec/sdk/index.js"), isLoaded("llmobs/sdk.js")];
    const { appsec, llmobs } = tracer;
    print({
      before,
      after: [isLoaded("appsec/sdk/index.js"), isLoaded("llmobs/sdk.js")],
      isSame: tracer.appsec === appsec && tracer.llmobs === llmobs,
      track: typeof appsec.trackUserLoginSuccessEvent,
      llmobs: [llmobs.enabled, llmobs.trace({ kind: "task", name: "t" }, () => 5)],
    });`,
    environment,
  );

  expect(lastJson(finished)).toEqual({
    before: [false, false],
    after: [true, true],
    isSame: true,
    track: "function",
    llmobs: [false, 5],
  });
});

test("an SDK that is wanted is there from the start", async () => {
  const finished = await runModule(
    `${load}
    const tracing = createTracing({ logger: silentLogger, llmobs: { enabled: true, mlApp: "desk" } });
    print([tracing.llmobsEnabled, isLoaded("appsec/sdk/index.js"), isLoaded("llmobs/sdk.js")]);`,
    { ...environment, DD_APPSEC_ENABLED: "false" },
  );

  expect(lastJson(finished)).toEqual([true, true, true]);
});

test("a host may put something else in the place of an SDK", async () => {
  const finished = await runModule(
    `${load}
    createTracing({ logger: silentLogger });
    const tracer = require("dd-trace");
    tracer.llmobs = { own: true };
    print([tracer.llmobs, isLoaded("llmobs/sdk.js")]);`,
    environment,
  );

  expect(lastJson(finished)).toEqual([{ own: true }, false]);
});
