import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CheckItem, Environment } from "../../src/check/check-item.ts";
import { checkTracerVersion } from "../../src/check/check-tracer.ts";
import { printCheck } from "../../src/check/print-check.ts";
import { runCheck } from "../../src/check/run-check.ts";

let agent: TestAgent;
let healthy: Environment;
beforeAll(async () => {
  agent = await startTestAgent({ version: "7.61.2" });
  const { DD_TRACE_AGENT_URL, DD_DOGSTATSD_URL } = agent.env;
  healthy = {
    DD_TRACE_AGENT_URL,
    DD_DOGSTATSD_URL,
    DD_SERVICE: "shop",
    DD_ENV: "test",
    DD_VERSION: "1.2.0",
  };
});
afterAll(() => agent.stop());

const folders: string[] = [];
let server: Server | undefined;
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  server?.close();
  server = undefined;
});

/** The findings about one topic. */
async function findings(
  topic: string,
  environment: Environment,
  folder: string = import.meta.dirname,
): Promise<readonly CheckItem[]> {
  const { items } = await runCheck(environment, folder);
  return items.filter((item) => item.topic === topic);
}

/** An HTTP server that answers `/info` in its own way. */
async function answering(status: number, body: string): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "llmdevops-check-"));
  folders.push(folder);
  return folder;
}

test("where all is well every finding is ok, and nothing but the look at /info reaches the Agent", async () => {
  const { ok, items } = await runCheck(healthy, import.meta.dirname);

  expect(ok).toBe(true);
  expect(items.filter(({ status }) => status === "warning" || status === "error")).toEqual([]);
  expect(items.map(({ topic }) => topic)).toEqual([
    "Agent",
    "DogStatsD",
    "Unified tags",
    "Spans",
    "Propagation",
    "LLM Observability",
    "dd-trace",
    "Integrations",
    "Doubled",
    "Variables",
  ]);
  expect(items[0]?.finding).toBe(`${agent.url} answers, version 7.61.2`);
  expect([agent.spans(), agent.metrics()]).toEqual([[], []]);
});

describe("the Agent", () => {
  test("that nobody listens for is an error with its reason", async () => {
    const environment = { ...healthy, DD_TRACE_AGENT_URL: "http://127.0.0.1:1" };
    const { ok } = await runCheck(environment, import.meta.dirname);

    expect(ok).toBe(false);
    expect(await findings("Agent", environment)).toMatchObject([
      { status: "error", finding: "http://127.0.0.1:1 cannot be reached: ECONNREFUSED" },
    ]);
  });

  test("at a unix socket that does not exist is an error", async () => {
    const path = join(emptyFolder(), "apm.socket");

    expect(await findings("Agent", { ...healthy, DD_TRACE_AGENT_URL: `unix://${path}` })).toEqual([
      expect.objectContaining({
        status: "error",
        finding: `unix://${path} cannot be reached: ENOENT`,
      }),
    ]);
  });

  test.each([
    [404, "not found", "status 404"],
    [200, "<html>", "an answer that is not an Agent's"],
    [200, "x".repeat(300_000), "a broken answer"],
  ])("that is something else is an error: status %i", async (status, body, reason) => {
    const url = await answering(status, body);
    const [item] = await findings("Agent", { ...healthy, DD_TRACE_AGENT_URL: url });

    expect(item?.status).toBe("error");
    expect(item?.finding).toContain(reason);
  });

  test.each(["null", "[]", '{"version":7,"endpoints":"all","config":null}'])(
    "that says nothing of itself is only unknown: %s",
    async (body) => {
      const url = await answering(200, body);
      const [item] = await findings("Agent", { ...healthy, DD_TRACE_AGENT_URL: url });

      expect(item).toMatchObject({ status: "ok", finding: `${url} answers, unknown version` });
    },
  );
});

describe("DogStatsD", () => {
  test("on a port that nobody listens on is an error", async () => {
    const environment = { ...healthy, DD_DOGSTATSD_URL: "udp://127.0.0.1:9" };

    expect(await findings("DogStatsD", environment)).toMatchObject([
      { status: "error", finding: "udp://127.0.0.1:9 takes nothing: ECONNREFUSED" },
    ]);
  });

  test("on a host that nobody knows is an error", async () => {
    const environment = { ...healthy, DD_DOGSTATSD_URL: "udp://nobody.invalid:8125" };
    const [item] = await findings("DogStatsD", environment);

    expect(item?.status).toBe("error");
    expect(item?.finding).toMatch(
      /^udp:\/\/nobody\.invalid:8125 takes nothing: (ENOTFOUND|EAI_AGAIN)$/,
    );
  });

  test("at a path that is no socket is an error", async () => {
    const file = join(emptyFolder(), "dsd.socket");
    writeFileSync(file, "");
    const environment = { ...healthy, DD_DOGSTATSD_URL: `unix://${file}` };

    expect(await findings("DogStatsD", environment)).toMatchObject([
      { status: "error", finding: `unix://${file} takes nothing: not a socket` },
    ]);
  });

  test("on another port than the Agent says is a warning with the variable to set", async () => {
    const info = JSON.stringify({ config: { statsd_port: 18_125 } });
    const url = await answering(200, info);

    expect(await findings("DogStatsD", { ...healthy, DD_TRACE_AGENT_URL: url })).toMatchObject([
      { status: "warning", remedy: "Set DD_DOGSTATSD_PORT=18125." },
    ]);
  });
});

describe("the settings", () => {
  test("name the variable that each unified tag comes from, and those to set", async () => {
    const environment = { ...healthy, DD_ENV: undefined, DD_SERVICE: undefined, DD_TAGS: "env:a" };
    const folder = emptyFolder();
    writeFileSync(join(folder, "package.json"), '{ "name": "desk" }');

    expect(await findings("Unified tags", environment, folder)).toMatchObject([
      {
        status: "ok",
        finding: "service=desk (default); env=a (DD_TAGS); version=1.2.0 (DD_VERSION)",
      },
    ]);
    const bare = { ...healthy, DD_ENV: undefined, DD_VERSION: " " };
    expect(await findings("Unified tags", bare)).toMatchObject([
      { status: "warning", remedy: "Set DD_ENV and DD_VERSION." },
    ]);
  });

  test("that cannot be used are the only finding beside the variables that are set", async () => {
    const report = await runCheck({ ...healthy, DD_TRACE_SAMPLE_RATE: "2" }, import.meta.dirname);

    expect(report).toMatchObject({
      ok: false,
      settings: {},
      items: [{ status: "error" }, { topic: "Variables" }],
    });
    expect(report.items).toHaveLength(2);
    expect(report.items[0]?.finding).toContain("sampling.rate must be");
    expect(report.items[0]?.remedy).toContain("DD_TRACE_SAMPLE_RATE");
  });

  test("show no secret, whatever variable it is in", async () => {
    const secret = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789abcd";
    const report = await runCheck(
      {
        ...healthy,
        DD_API_KEY: "0123456789abcdef0123456789abcdef",
        DD_ENV: secret,
        DD_LLMOBS_ML_APP: secret,
        DD_LLMOBS_ENABLED: "1",
        DD_TRACE_AGENT_URL: agent.url.replace("//", "//ada:hunter2@"),
      },
      import.meta.dirname,
    );
    const shown = `${JSON.stringify(report)}${printCheck(report, true)}`;

    expect(shown).not.toMatch(/0123456789|hunter2|sk-proj/);
    expect(shown).toContain('"[set]"');
  });

  test("that nothing reads are a warning", async () => {
    expect(await findings("Variables", { ...healthy, DD_SERVIC: "x" })).toMatchObject([
      {
        status: "warning",
        remedy:
          "Nothing here reads DD_SERVIC (did you mean DD_SERVICE?): look for a spelling error.",
      },
    ]);
  });

  test("that turn spans off are a warning", async () => {
    expect(await findings("Spans", { ...healthy, DD_TRACE_ENABLED: "false" })).toMatchObject([
      { status: "warning", finding: "not recorded: enabled=false (DD_TRACE_ENABLED)" },
    ]);
  });

  test("say which propagation formats are written and read", async () => {
    const environment = {
      ...healthy,
      DD_TRACE_PROPAGATION_STYLE: "b3",
      DD_TRACE_PROPAGATION_STYLE_EXTRACT: "tracecontext",
    };

    expect(await findings("Propagation", environment)).toMatchObject([
      {
        finding:
          "writes b3 (DD_TRACE_PROPAGATION_STYLE); reads tracecontext (DD_TRACE_PROPAGATION_STYLE_EXTRACT)",
      },
    ]);
  });
});

describe("LLM Observability", () => {
  const topic = "LLM Observability";

  test("is off for a reason", async () => {
    expect(await findings(topic, { ...healthy, DD_LLMOBS_ENABLED: "0" })).toMatchObject([
      { status: "info", finding: "off: llmobs.enabled=false (DD_LLMOBS_ENABLED)" },
    ]);
  });

  test("without an Agent needs an API key", async () => {
    const environment = {
      ...healthy,
      DD_LLMOBS_ENABLED: "1",
      DD_LLMOBS_AGENTLESS_ENABLED: "1",
    };

    expect(await findings(topic, environment)).toMatchObject([
      { status: "error", remedy: "Set DD_API_KEY." },
    ]);
    expect(await findings(topic, { ...environment, DD_API_KEY: "key" })).toMatchObject([
      { status: "ok" },
    ]);
  });

  test("through an Agent needs one with the proxy", async () => {
    const url = await answering(200, '{"endpoints":["/v0.5/traces"]}');
    const environment = { ...healthy, DD_LLMOBS_ENABLED: "1" };

    expect(await findings(topic, environment)).toMatchObject([{ status: "ok" }]);
    expect(await findings(topic, { ...environment, DD_TRACE_AGENT_URL: url })).toMatchObject([
      { status: "error" },
    ]);
  });
});

describe("dd-trace", () => {
  const installed = (version: string) => ({ version, folder: "/", variables: [] });

  test("is an error where there is none, or one of another major version", () => {
    expect(checkTracerVersion(undefined).status).toBe("error");
    expect(checkTracerVersion(installed("5.99.0")).status).toBe("error");
    expect(checkTracerVersion(installed("7.0.0")).status).toBe("error");
  });

  test("is accepted in the range that dd-core names", () => {
    const manifest = new URL("../../../dd-core/package.json", import.meta.url);
    const { peerDependencies } = JSON.parse(readFileSync(manifest, "utf8"));

    expect(peerDependencies["dd-trace"]).toBe(">=6.0.0 <7");
    expect(checkTracerVersion(installed("6.0.0")).status).toBe("ok");
    expect(checkTracerVersion(installed("6.99.0")).status).toBe("ok");
  });
});

describe("what is doubled", () => {
  test("names the wrapper beside an integration that is on", async () => {
    const environment = { ...healthy, DD_LLMDEVOPS_INTEGRATIONS: "openai,http" };

    expect(await findings("Doubled", environment)).toMatchObject([
      { status: "info", finding: expect.stringContaining("instrumentOpenAI()") },
    ]);
  });

  test("notices that NODE_OPTIONS starts dd-trace as well", async () => {
    const environment = { ...healthy, NODE_OPTIONS: "--import dd-trace/initialize.mjs" };

    expect(await findings("Doubled", environment)).toMatchObject([{ status: "warning" }]);
  });

  test("notices another dd-trace of the application", async () => {
    const folder = emptyFolder();
    const other = join(folder, "node_modules", "dd-trace");
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, "package.json"), '{ "name": "dd-trace", "version": "5.9.0" }');

    expect(await findings("Doubled", healthy, folder)).toMatchObject([
      { status: "warning", finding: expect.stringContaining("5.9.0") },
    ]);
  });

  test("names integrations that dd-trace does not have", async () => {
    const environment = { ...healthy, DD_LLMDEVOPS_INTEGRATIONS: "pgg" };

    expect(await findings("Integrations", environment)).toMatchObject([
      { status: "warning", remedy: expect.stringMatching(/^dd-trace has no pgg; it has .*, pg, /) },
    ]);
  });
});
