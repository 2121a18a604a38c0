import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runRegistered } from "./run-registered.ts";

// dd-trace can be initialised once in a process, so each of these has one of its own.
let agent: TestAgent;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  agent = await startTestAgent();
  environment = { ...agent.env, DD_SERVICE: "shop", DD_ENV: "test" };
});
beforeEach(() => agent.clear());
afterAll(() => agent.stop());

const names = () => agent.spans().map(({ name }) => name);
const application = (kind: string) => `web-application.${kind}`;

describe("an application that is registered and names no integration", () => {
  test("has manual spans and no others, and one line says so", async () => {
    const { said, code } = await runRegistered("web-application.mjs", { environment });

    await agent.waitFor({ spans: 1 });
    expect(code).toBe(0);
    expect(names()).toEqual(["order.load"]);
    expect(agent.spans()[0]).toMatchObject({ service: "shop", meta: { env: "test" } });
    expect(said).toEqual([
      `[llmdevops] INFO service=shop env=test; spans: manual; LLM Observability: off; Agent: ${agent.url}`,
    ]);
  });

  test("says nothing when DD_LLMDEVOPS_STARTUP_LOG is false", async () => {
    const { errors, code } = await runRegistered("web-application.mjs", {
      environment: { ...environment, DD_LLMDEVOPS_STARTUP_LOG: "false" },
    });

    expect(code).toBe(0);
    expect(errors).toBe("");
  });
});

describe("an application that names integrations", () => {
  test.each(["mjs", "cjs"])(
    "has the spans of those and of no others, joined with its own: %s",
    async (kind) => {
      const { output, said } = await runRegistered(application(kind), {
        environment: { ...environment, DD_LLMDEVOPS_INTEGRATIONS: "http, pg" },
      });

      await agent.waitFor({ spans: 3 });
      const [request, served, own] = ["http.request", "web.request", "order.load"].map((name) =>
        agent.spans().find((span) => span.name === name),
      );
      expect(names().sort()).toEqual(["http.request", "order.load", "web.request"]);
      expect(served?.parentId).toBe(request?.spanId);
      expect(own?.parentId).toBe(served?.spanId);
      expect(own?.traceId).toBe(request?.traceId);
      expect(JSON.parse(output)).toMatchObject({
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
        "x-datadog-parent-id": expect.stringMatching(/^\d+$/),
      });
      expect(said).toEqual([expect.stringContaining("spans: manual, http, pg;")]);
    },
  );

  test("has them in worker threads too", async () => {
    const { code } = await runRegistered("worker-host.mjs", {
      environment: { ...environment, DD_LLMDEVOPS_INTEGRATIONS: "http" },
    });

    await agent.waitFor({ spans: 3 });
    expect(code).toBe(0);
    expect(names().sort()).toEqual(["http.request", "order.load", "web.request"]);
  });

  test("propagates in the formats that the user has chosen", async () => {
    const { output } = await runRegistered("web-application.mjs", {
      environment: {
        ...environment,
        DD_LLMDEVOPS_INTEGRATIONS: "http",
        DD_TRACE_PROPAGATION_STYLE: "b3multi",
      },
    });

    expect(Object.keys(JSON.parse(output))).toEqual(expect.arrayContaining(["x-b3-traceid"]));
    expect(Object.keys(JSON.parse(output))).not.toContain("traceparent");
  });

  test("hears of a name that dd-trace does not know, with those it knows, and keeps the others", async () => {
    const { said, code } = await runRegistered("web-application.mjs", {
      environment: { ...environment, DD_LLMDEVOPS_INTEGRATIONS: "htpp,http" },
    });

    await agent.waitFor({ spans: 3 });
    expect(code).toBe(0);
    expect(said[0]).toContain('dd-trace has no integration "htpp"; the others are on.');
    expect(said[0]).toMatch(/named: aerospike, .*, http, .*, openai, .*, ws\.$/);
    expect(said[1]).toContain("spans: manual, http;");
  });
});

test("an application that names a web framework without http is told that nothing will come of it", async () => {
  const { said } = await runRegistered("web-application.mjs", {
    environment: { ...environment, DD_LLMDEVOPS_INTEGRATIONS: "fastify,koa" },
  });

  expect(said[0]).toContain(
    "integration fastify, koa only adds to the spans of its integration http",
  );
});

describe("register never harms the application", () => {
  const web = "web-application.mjs";

  test.each([
    ["DD_TRACE_SAMPLE_RATE", "often"],
    ["DD_TRACE_AGENT_URL", "ftp://agent"],
    ["DD_DOGSTATSD_URL", "ftp://agent"],
    ["DD_TRACE_DEBUG", "perhaps"],
  ])(
    "with %s=%s it says what is wrong, and getClient has a client without effect",
    async (variable, value) => {
      const { said, output, code } = await runRegistered(web, {
        environment: { ...environment, [variable]: value },
      });

      expect(code).toBe(0);
      expect(JSON.parse(output)).toHaveProperty("host");
      expect(said).toHaveLength(1);
      expect(said[0]).toContain("[llmdevops] ERROR Nothing is recorded in this process.");
      expect(said[0]).toContain(value);
    },
  );

  test("without an Agent the application runs as always", async () => {
    const { output, code } = await runRegistered(web, {
      environment: { ...environment, DD_TRACE_AGENT_URL: "http://127.0.0.1:1" },
    });

    expect(code).toBe(0);
    expect(JSON.parse(output)).toHaveProperty("host");
  });

  test("without dd-trace one warning says what is missing", async () => {
    const { said, output, code } = await runRegistered(web, {
      environment,
      before: [
        "--require",
        fileURLToPath(new URL("fixtures/without-dd-trace.cjs", import.meta.url)),
      ],
    });

    expect(code).toBe(0);
    expect(JSON.parse(output)).toHaveProperty("host");
    expect(said[0]).toContain("dd-trace is not installed, so spans are not recorded.");
    expect(said[1]).toContain("spans: none (dd-trace cannot be loaded)");
  });

  test("npm, which NODE_OPTIONS reaches as well, is not taken for the application", async () => {
    const folder = mkdtempSync(join(tmpdir(), "llmdevops-register-"));
    const npm = join(folder, "npm-cli.js");
    writeFileSync(npm, 'process.stdout.write("installed")');
    try {
      const { errors, output } = await runRegistered(npm, { environment });

      expect(output).toBe("installed");
      expect(errors).toBe("");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("one process has one client", () => {
  test("worker threads have a client of their own, and only the main thread says so", async () => {
    const { said, code } = await runRegistered("threaded-application.mjs", { environment });

    await agent.waitFor({ spans: 2 });
    expect(code).toBe(0);
    expect(names().sort()).toEqual(["main.work", "worker.work"]);
    expect(said).toHaveLength(1);
  });

  test("a second copy of the package leaves the client of the first in place", async () => {
    const folder = mkdtempSync(join(tmpdir(), "llmdevops-copy-"));
    const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
    cpSync(source("src"), join(folder, "src"), { recursive: true });
    cpSync(source("package.json"), join(folder, "package.json"));
    symlinkSync(source("node_modules"), join(folder, "node_modules"));
    const copy = pathToFileURL(join(folder, "src", "register.ts")).href;
    try {
      const { said, code } = await runRegistered("web-application.mjs", {
        environment,
        register: [copy, "@llmdevops/dd/register"],
      });

      await agent.waitFor({ spans: 1 });
      expect(code).toBe(0);
      expect(names()).toEqual(["order.load"]);
      expect(said).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("a client that code builds takes the place of the registered one, and nothing arrives twice", async () => {
    const { output, code } = await runRegistered("second-client.mjs", { environment });

    await agent.waitFor({ spans: 3 });
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({ isCurrent: true, isNew: true });
    expect(names().sort()).toEqual(["by.code", "by.current", "by.registered"]);
  });

  test("integrations that code names too late are said to stay off, those that are on are not", async () => {
    const { said } = await runRegistered("late-integrations.mjs", {
      environment: { ...environment, DD_LLMDEVOPS_INTEGRATIONS: "http" },
    });

    expect(said).toHaveLength(2);
    expect(said[1]).toContain("so its integrations pg stay off.");
  });
});
