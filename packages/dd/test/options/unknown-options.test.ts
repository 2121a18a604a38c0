import {
  aiSdkTelemetry,
  ConfigurationError,
  createClient,
  DatadogAPMClientFactory,
  type Logger,
} from "@llmdevops/dd";
import { createAgents } from "@llmdevops/dd-agent";
import {
  createFoundation,
  createJSONLogger,
  createTracing,
  fileCredentialProvider,
} from "@llmdevops/dd-core";
import { createLLM } from "@llmdevops/dd-llm";
import { createMetrics } from "@llmdevops/dd-metrics";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const secret = "sk-ant-api03-0123456789abcdefghijABCDEFGHIJ-example";
let warn: ReturnType<typeof vi.fn<(message: string) => void>>;
let logger: Logger;
let minimal: { readonly service: string; readonly enabled: boolean; readonly logger: Logger };

beforeEach(() => {
  for (const name of Object.keys(process.env)) {
    if (/^_?DD_/.test(name)) vi.stubEnv(name, undefined);
  }
  warn = vi.fn<(message: string) => void>();
  logger = { error: warn, warn, info: () => {}, debug: () => {} };
  minimal = { service: "shop", enabled: false, logger };
});
afterEach(() => vi.unstubAllEnvs());

/** What the client says of the options. */
async function said(options: object): Promise<string> {
  const client = createClient({ ...minimal, ...options });
  await client.shutdown();
  return warn.mock.calls.map(([line]) => line).join("\n");
}

describe("an unknown option", () => {
  test.each<[object, string]>([
    [{ sampleRat: 1 }, "Unknown option sampleRat; did you mean sampling.rate?"],
    [{ lmobs: {} }, "Unknown option lmobs; did you mean llmobs?"],
    [{ LLMObs: {} }, "Unknown option LLMObs; did you mean llmobs?"],
    [{ url: "http://agent" }, "Unknown option url; did you mean agent.url?"],
    [
      { flushIntervalMs: 50 },
      "Unknown option flushIntervalMs; did you mean metricsFlushIntervalMs?",
    ],
    [{ metrics: { prefx: "a" } }, "Unknown option metrics.prefx; did you mean metrics.prefix?"],
    [
      { metrics: { cardinality: { maxValuePerTag: 1 } } },
      "Unknown option metrics.cardinality.maxValuePerTag; did you mean metrics.cardinality.maxValuesPerTag?",
    ],
    [
      { budgets: [{ name: "b", limitUsd: 1, warnat: 0.5 }] },
      "Unknown option budgets[0].warnat; did you mean budgets[0].warnAt?",
    ],
    [
      { prices: { m: { inputPerMillion: 1, outputPerMillion: 1, cachReadPerMillion: 1 } } },
      "Unknown option prices.m.cachReadPerMillion; did you mean prices.m.cacheReadPerMillion?",
    ],
    [{ redaction: { presett: "off" } }, "did you mean redaction.preset?"],
    [{ redaction: { rules: { email: { lable: "[A]" } } } }, "redaction.rules.email.label?"],
    [{ agentBudget: { maxSteps: 1 } }, "did you mean agentBudget.maximumSteps?"],
    [{ git: { zebra: 1 } }, "git.zebra; it has no effect. Known there: commitSha, repositoryUrl."],
    [{ zebra: 1 }, "Unknown option zebra; it has no effect."],
  ])(
    "as in %j is said once with what was probably meant, and nothing is refused",
    async (options, message) => {
      expect(await said(options)).toContain(message);
      expect(warn).toHaveBeenCalledTimes(1);
    },
  );

  test("leaves the known ones in effect, and is counted", async () => {
    const client = createClient({ ...minimal, ...{ env: "test", lmobs: {}, zebra: 1 } });

    expect(client.configuration().settings["env"]?.value).toBe("test");
    expect(client.health().faults).toEqual({ unknown_setting: 2 });
    await client.shutdown();
  });

  test("is not shown where its name may be a secret, and thousands are one short line", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 200_000 }, (_, index) => [`z${index}`, 1]),
    );
    const line = await said({ [secret]: 1, [`a\nb`]: 1, ...many });

    expect(warn).toHaveBeenCalledTimes(1);
    expect(line).not.toContain(secret);
    expect(line).not.toContain("\n");
    expect(line).toContain("And 199992 more.");
    expect(line.length).toBeLessThan(2_000);
  });

  test("is never one of the prototype's names", async () => {
    const options = JSON.parse(
      '{"__proto__": {"env": "stolen"}, "constructor": 1, "tags": {"__proto__": "x"}}',
    );
    const client = createClient({ ...minimal, ...options, ["__proto__"]: 1 });

    expect(client.configuration().settings["env"]?.value).toBeUndefined();
    expect(warn.mock.calls[0]?.[0]).toContain("Unknown option constructor");
    expect(({} as { env?: string }).env).toBeUndefined();
    await client.shutdown();
  });

  test("may be what a missing name was meant to be, and the error says so", () => {
    expect(() => createClient({ serivce: "shop", logger } as object)).toThrow(
      /No service name.*Unknown option serivce; did you mean service\?/,
    );
    vi.stubEnv("DD_SERVCE", "shop");
    expect(() => createClient({ logger })).toThrow(
      /Unknown variable DD_SERVCE; did you mean DD_SERVICE\?/,
    );
  });

  test("is not warned of where every option is known", async () => {
    const line = await said({
      agent: { host: "127.0.0.1" },
      dogstatsd: { host: "127.0.0.1" },
      sampling: { rate: 1, rules: [{ service: "a", sampleRate: 1 }] },
      tags: { team: "search" },
      content: { mode: "metadata", kinds: { tool: "none" } },
      redaction: { keys: { block: ["a"] }, customRules: [{ name: "a", words: ["b"] }] },
      budgets: [{ name: "b", limitUsd: 1 }],
      metrics: { prefix: "shop.", aggregation: { except: ["a"] }, cardinality: { enabled: true } },
      metricsFlushIntervalMs: 1_000,
      agentBudget: { maximumSteps: 5 },
    });

    expect(line).toBe("");
  });
});

test.each<[string, (options: object) => unknown]>([
  ["createFoundation", (options) => createFoundation(options)],
  ["createTracing", (options) => createTracing(options)],
  ["createMetrics", (options) => createMetrics(options)],
  ["createLLM", (options) => createLLM(options)],
  ["createAgents", (options) => createAgents(options)],
  ["createMock", (options) => DatadogAPMClientFactory.createMock(options)],
])("%s warns of an option that is unknown, once, and not of one of its own", (_name, create) => {
  create({ ...minimal, samplng: {} });

  expect(warn).toHaveBeenCalledExactlyOnceWith("Unknown option samplng; did you mean sampling?");
});

test("clients over one that is there already warn through it", () => {
  const tracing = createTracing(minimal);
  createLLM({ tracing, ...{ promts: 1 } });
  createAgents({ tracing, ...{ recordContnt: true } });
  createMetrics({ prefix: "shop.", ...{ agregation: {} } }, tracing);

  expect(warn.mock.calls.flat()).toEqual([
    expect.stringContaining("Unknown option promts"),
    "Unknown option recordContnt; did you mean recordContent?",
    "Unknown option agregation; did you mean aggregation?",
  ]);
});

test("wrappers of SDKs warn through their logger, and name an option that cannot be read", () => {
  const llm = createLLM(minimal);
  aiSdkTelemetry({ llm, logger, ...{ metricTag: {} } });
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    "Unknown option metricTag; did you mean metricTags?",
  );
  const fail = () => {
    throw new TypeError(secret);
  };
  const unreadable = Object.defineProperty({}, "llm", { get: fail });

  for (const options of [
    unreadable,
    new Proxy({}, { get: fail }),
    { llm: new Proxy({}, { get: fail }) },
  ]) {
    expect(() => aiSdkTelemetry(options as never)).toThrow(ConfigurationError);
    expect(() => aiSdkTelemetry(options as never)).toThrow(/ llm /);
    expect(() => aiSdkTelemetry(options as never)).not.toThrow(secret);
  }
});

test("adapters without a client warn on standard error", () => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    fileCredentialProvider({ directory: "/nowhere", ...{ maxAge: 1 } });
    createJSONLogger(createTracing(minimal), { level: "info", ...{ lvel: "info" } });

    const lines = write.mock.calls.map(([line]) => String(line));
    expect(lines).toEqual([
      expect.stringContaining("Unknown option maxAge; did you mean maxAgeMs?"),
      expect.stringContaining("Unknown option lvel; did you mean level?"),
    ]);
  } finally {
    write.mockRestore();
  }
});

describe("an unknown variable", () => {
  test.each([
    ["DD_LLMDEVOPS_CONTNET", "did you mean DD_LLMDEVOPS_CONTENT?"],
    ["DD_LLMDEVOPS_INTEGRATION", "did you mean DD_LLMDEVOPS_INTEGRATIONS?"],
    ["DD_LLMDEVOP_CONTENT", "did you mean DD_LLMDEVOPS_CONTENT?"],
    ["DD_LLMDEVOPS_ZEBRA", "it has no effect."],
    ["DD_LLMOBS_ENABLD", "did you mean DD_LLMOBS_ENABLED?"],
    ["DD_DOGSTATSD_PROT", "did you mean DD_DOGSTATSD_PORT?"],
  ])("%s is said once with what was probably meant", async (variable, message) => {
    vi.stubEnv(variable, secret);

    expect(await said({})).toBe(`Unknown variable ${variable}; ${message}`);
  });

  test.each([
    "DD_LLMDEVOPS_CONTENT",
    "DD_TRACE_SAMPLE_RATE",
    // Of dd-trace, of the Agent, and of somebody else.
    "DD_TRACE_SAMPLING_RATE_LIMIT",
    "DD_TRACE_DEBUG_LOG",
    "DD_SERVICE_NAME",
    "DD_HOSTNAME",
    "DD_APM_ENABLED",
    "DD_LOGS_ENABLED",
    "DD_CLUSTER_AGENT_URL",
    "ADD_SERVCE",
  ])("that is known, or like none of ours, is not said: %s", async (variable) => {
    vi.stubEnv(variable, variable === "DD_TRACE_SAMPLE_RATE" ? "1" : "none");

    expect(await said({})).toBe("");
  });
});

test("a client that is refused late leaves no timer behind", async () => {
  vi.useFakeTimers();
  try {
    expect(() => createClient({ ...minimal, budgets: [{}] } as object)).toThrow("budgets[0].name");
    await vi.advanceTimersByTimeAsync(100);

    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
