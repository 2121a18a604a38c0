import { describe, expect, test } from "vitest";
import { resolveLinkOptions } from "../src/agent-link/resolve-link-options.ts";
import {
  ConfigurationError,
  type CoreOptions,
  createFoundation,
  InvalidSampleRateError,
  MissingServiceNameError,
  resolveConfiguration,
  silentLogger,
} from "../src/index.ts";

const minimal: CoreOptions = { service: "checkout", agent: { host: "agent" } };

function refusal(options: unknown, environment: Record<string, string> = {}): Error {
  try {
    resolveConfiguration(options as CoreOptions, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return error as Error;
  }
  throw new Error("nothing was refused");
}

describe("the configuration", () => {
  test("has every default", () => {
    const { settings, ...rest } = resolveConfiguration(minimal, {});

    expect(rest).toEqual({
      integrations: [],
      link: resolveLinkOptions(),
      service: "checkout",
      env: undefined,
      version: undefined,
      tags: {},
      enabled: true,
      agentUrl: "http://agent:8126",
      site: "datadoghq.com",
      git: { commitSha: undefined, repositoryUrl: undefined },
      sampleRate: 1,
      sampling: { rules: [], spanRules: [], targetTracesPerSecond: undefined, keepErrors: true },
      llmobs: { enabled: false, mlApp: "checkout", agentless: false },
      logInjection: true,
      debug: false,
      flushTimeoutMs: 10_000,
      shutdownTimeoutMs: 5_000,
    });
    expect(settings["sampling.rate"]).toEqual({
      value: 1,
      source: "default",
      variable: "DD_TRACE_SAMPLE_RATE",
    });
    expect(settings["flushTimeoutMs"]).toEqual({ value: 10_000, source: "default" });
  });

  test("is frozen, and its parts too", () => {
    const configuration = resolveConfiguration(minimal, {});

    for (const part of [
      configuration,
      configuration.tags,
      configuration.llmobs,
      configuration.sampling,
      configuration.settings,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test("reads process.env when no environment is given", () => {
    process.env["DD_VERSION"] = "from-process";
    try {
      expect(resolveConfiguration(minimal).version).toBe("from-process");
    } finally {
      delete process.env["DD_VERSION"];
    }
  });

  const environment = {
    DD_SERVICE: "env-service",
    DD_ENV: "env-env",
    DD_VERSION: "env-version",
    DD_TRACE_ENABLED: "false",
    DD_TRACE_SAMPLE_RATE: "0.25",
    DD_LLMOBS_ENABLED: "1",
    DD_LLMOBS_ML_APP: "env-app",
    DD_LLMOBS_AGENTLESS_ENABLED: "TRUE",
  };

  test("takes what the options leave out from the environment", () => {
    const configuration = resolveConfiguration({}, environment);

    expect(configuration).toMatchObject({
      service: "env-service",
      env: "env-env",
      version: "env-version",
      enabled: false,
      sampleRate: 0.25,
      llmobs: { enabled: true, mlApp: "env-app", agentless: true },
    });
    for (const path of ["service", "env", "enabled", "sampling.rate", "llmobs.enabled"]) {
      expect(configuration.settings[path]?.source).toBe("environment");
    }
  });

  test("takes an option before the environment", () => {
    const configuration = resolveConfiguration(
      {
        service: "option-service",
        env: "option-env",
        version: "option-version",
        enabled: true,
        sampling: { rate: 0, rules: [], spanRules: [] },
        llmobs: { enabled: false, mlApp: "option-app", agentlessEnabled: false },
        logInjection: false,
        flushTimeoutMs: 5,
      },
      environment,
    );

    expect(configuration).toMatchObject({
      service: "option-service",
      env: "option-env",
      version: "option-version",
      enabled: true,
      sampleRate: 0,
      llmobs: { enabled: false, mlApp: "option-app", agentless: false },
      flushTimeoutMs: 5,
    });
    for (const report of Object.values(configuration.settings)) {
      const isRead = environment[report.variable as keyof typeof environment] !== undefined;
      if (isRead && !report.variable?.includes("AGENT_")) {
        expect(report.source).toBe("option");
      }
    }
  });

  test("reads blank text as absent and trims the rest", () => {
    const configuration = resolveConfiguration(
      { service: " checkout ", env: "  ", version: "" },
      { DD_ENV: " dev ", DD_VERSION: "  ", DD_TRACE_ENABLED: " " },
    );

    expect(configuration).toMatchObject({ service: "checkout", env: "dev", enabled: true });
    expect(configuration.version).toBeUndefined();
  });

  test("takes service, env and version from DD_TAGS last, and says so", () => {
    const tags = { DD_TAGS: "service:tag-service,env:tag-env,version:tag-version" };
    const configuration = resolveConfiguration({}, tags);

    expect(configuration).toMatchObject({
      service: "tag-service",
      env: "tag-env",
      version: "tag-version",
      tags: {},
    });
    expect(configuration.settings["service"]).toEqual({
      value: "tag-service",
      source: "environment",
      variable: "DD_TAGS",
    });
    expect(resolveConfiguration({}, { ...tags, DD_SERVICE: "own" }).service).toBe("own");
    expect(resolveConfiguration({ service: "option" }, tags).service).toBe("option");
  });

  test("merges the tags option over DD_TAGS, and keeps out what has an option of its own", () => {
    const { tags } = resolveConfiguration(
      { ...minimal, tags: { team: "search", service: "no", env: "no", version: "no" } },
      { DD_TAGS: "team:other,tier:1" },
    );

    expect(tags).toEqual({ team: "search", tier: "1" });
  });

  test("does not keep or change the caller's tags", () => {
    const tags = { team: "search", service: "no" };
    const configuration = resolveConfiguration({ ...minimal, tags }, {});
    tags.team = "changed";

    expect(configuration.tags).toEqual({ team: "search" });
    expect(tags).toEqual({ team: "changed", service: "no" });
  });

  test("takes numbers and booleans of unchecked callers as text, and no key named __proto__", () => {
    const tags = JSON.parse('{"tier":1,"canary":true,"__proto__":"x"}') as Record<string, string>;

    expect(resolveConfiguration({ ...minimal, tags }, {}).tags).toEqual({
      tier: "1",
      canary: "true",
    });
  });

  test.each([
    ["prod", 0.1],
    ["Production", 0.1],
    ["preprod", 1],
    ["products", 1],
    ["staging", 1],
  ])("keeps by default, where env is %s, a share of %d", (env, rate) => {
    expect(resolveConfiguration({ ...minimal, env }, {}).sampleRate).toBe(rate);
  });

  test("knows Datadog's site and the source code that runs, without the repository's credentials", () => {
    const environment = {
      DD_SITE: "datadoghq.eu",
      DD_GIT_COMMIT_SHA: "a94a8fe5",
      DD_GIT_REPOSITORY_URL: "https://ada:hunter2@code.example.com/shop.git",
    };
    const options = { git: { repositoryUrl: "https://eve@code.example.com/fork.git" } };

    expect(resolveConfiguration(minimal, environment)).toMatchObject({
      site: "datadoghq.eu",
      git: { commitSha: "a94a8fe5", repositoryUrl: "https://code.example.com/shop.git" },
    });
    const { site, git, settings } = resolveConfiguration(
      { ...minimal, ...options, site: "US5.datadoghq.com" },
      environment,
    );
    expect({ site, git }).toEqual({
      site: "us5.datadoghq.com",
      git: { commitSha: "a94a8fe5", repositoryUrl: "https://code.example.com/fork.git" },
    });
    expect(settings["git.repositoryUrl"]?.source).toBe("option");
    expect(settings["git.commitSha"]?.source).toBe("environment");
  });

  test("says where each part came from", () => {
    const sources = (options: CoreOptions, environment: Record<string, string> = {}) => {
      const { settings } = resolveConfiguration({ ...minimal, ...options }, environment);
      const shown = (path: string) => [settings[path]?.value, settings[path]?.source];
      return {
        site: shown("site"),
        repository: shown("git.repositoryUrl"),
        rules: shown("sampling.rules"),
        target: shown("sampling.targetTracesPerSecond"),
        tags: shown("tags"),
        maxSpans: shown("buffer.maxSpans"),
        retryBaseMs: shown("delivery.retryBaseMs"),
      };
    };

    expect(sources({})).toEqual({
      site: ["datadoghq.com", "default"],
      repository: [undefined, "default"],
      rules: [0, "default"],
      target: [undefined, "default"],
      tags: [undefined, "default"],
      maxSpans: [50_000, "default"],
      retryBaseMs: [1_000, "default"],
    });
    const environment = {
      DD_SITE: "datadoghq.eu",
      DD_GIT_REPOSITORY_URL: "https://code.example.com/x",
      DD_TRACE_SAMPLING_RULES: '[{"service":"a","sample_rate":1}]',
      DD_TAGS: "team:a",
    };
    expect(sources({}, environment)).toMatchObject({
      site: ["datadoghq.eu", "environment"],
      repository: ["https://code.example.com/x", "environment"],
      rules: [1, "environment"],
      tags: ["team", "environment"],
    });
    const options = {
      site: "datadoghq.eu",
      git: { repositoryUrl: "https://code.example.com/y" },
      sampling: { rules: [], targetTracesPerSecond: 5 },
      tags: { tier: "1" },
      buffer: { maxSpans: 7 },
      delivery: { retryBaseMs: 8 },
    };
    expect(sources(options, environment)).toEqual({
      site: ["datadoghq.eu", "option"],
      repository: ["https://code.example.com/y", "option"],
      rules: [0, "option"],
      target: [5, "option"],
      tags: ["team, tier", "option"],
      maxSpans: [7, "option"],
      retryBaseMs: [8, "option"],
    });
    expect(sources({ tags: {} }, environment).tags).toEqual(["team", "environment"]);
  });

  test("says that there is an API key and where it is from, and never what it is", () => {
    const key = (options: CoreOptions, environment = {}) =>
      resolveConfiguration({ ...minimal, ...options }, environment).settings["apiKey"];
    const credentials = { getCredential: () => "0123456789abcdef" };

    expect(key({})).toMatchObject({ value: undefined, source: "default" });
    expect(key({}, { DD_API_KEY: "0123456789abcdef" })).toMatchObject({
      value: "[set]",
      source: "environment",
    });
    expect(key({ credentials })).toMatchObject({ value: "[credentials]", source: "option" });
  });

  test.each([0, 1, 0.5])("accepts the sample rate %d", (rate) => {
    expect(resolveConfiguration({ ...minimal, sampling: { rate } }, {}).sampleRate).toBe(rate);
  });

  test.each([0, 2_147_483_647])("accepts a flush time limit of %d ms", (flushTimeoutMs) => {
    expect(resolveConfiguration({ ...minimal, flushTimeoutMs }, {}).flushTimeoutMs).toBe(
      flushTimeoutMs,
    );
  });
});

describe("refuses", () => {
  test("a missing service, naming the option and the variable", () => {
    const error = refusal({});

    expect(error).toBeInstanceOf(MissingServiceNameError);
    expect(error.message).toMatch(/option service.*variable DD_SERVICE/);
  });

  test.each([-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY, "0.5", null])(
    "the sample rate option %s",
    (rate) => {
      const error = refusal({ ...minimal, sampling: { rate } });

      expect(error).toBeInstanceOf(InvalidSampleRateError);
      expect(error.message).toMatch(/sampling\.rate must be a number from 0 to 1, not/);
      expect(error.message).toContain(String(rate));
      expect(error.message).toContain("variable DD_TRACE_SAMPLE_RATE");
    },
  );

  test.each(["-1", "2", "half"])("the sample rate variable %s, showing its text", (text) => {
    expect(refusal(minimal, { DD_TRACE_SAMPLE_RATE: text }).message).toContain(`not "${text}"`);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2_147_483_648, "5"])(
    "the flush time limit %s",
    (flushTimeoutMs) => {
      expect(refusal({ ...minimal, flushTimeoutMs }).message).toMatch(
        /flushTimeoutMs must be a number of milliseconds.*Set the option flushTimeoutMs to/,
      );
    },
  );

  test.each([
    ["service", { service: 5 }, "service", "DD_SERVICE", "5"],
    ["env", { ...minimal, env: true }, "env", "DD_ENV", "true"],
    ["version", { ...minimal, version: {} }, "version", "DD_VERSION", "an object"],
    ["enabled", { ...minimal, enabled: "false" }, "enabled", "DD_TRACE_ENABLED", '"false"'],
    [
      "llmobs.enabled",
      { ...minimal, llmobs: { enabled: 1 } },
      "llmobs.enabled",
      "DD_LLMOBS_ENABLED",
      "1",
    ],
    [
      "llmobs.mlApp",
      { ...minimal, llmobs: { mlApp: () => {} } },
      "llmobs.mlApp",
      "DD_LLMOBS_ML_APP",
      "a function",
    ],
    [
      "llmobs.agentlessEnabled",
      { ...minimal, llmobs: { agentlessEnabled: null } },
      "llmobs.agentlessEnabled",
      "DD_LLMOBS_AGENTLESS_ENABLED",
      "null",
    ],
  ])(
    "%s of the wrong type, naming option, variable and value",
    (_, options, path, variable, value) => {
      const { message } = refusal(options);

      expect(message).toContain(`setting ${path} `);
      expect(message).toContain(`Set the option ${path} or the variable ${variable}.`);
      expect(message).toContain(`not ${value}.`);
    },
  );

  test("a yes-or-no option of another type, saying what it may be", () => {
    expect(refusal({ ...minimal, enabled: "false" }).message).toContain(
      'enabled must be true or false, not "false"',
    );
  });

  test.each(["yes", "off", "2"])("the yes-or-no variable %s", (text) => {
    expect(refusal(minimal, { DD_TRACE_ENABLED: text }).message).toContain(
      `enabled must be true, false, 1 or 0, not "${text}". Set the option enabled or the variable DD_TRACE_ENABLED.`,
    );
  });

  test("a very long value without repeating all of it", () => {
    expect(refusal(minimal, { DD_TRACE_ENABLED: "x".repeat(10_000) }).message.length).toBeLessThan(
      300,
    );
  });

  test.each(["agent", "sampling", "llmobs", "git", "redaction", "tags", "logger"])(
    "the option %s when it is no object",
    (section) => {
      for (const value of ["text", null, [], 5]) {
        expect(refusal({ ...minimal, [section]: value }).message).toContain(`option ${section} `);
      }
    },
  );

  test("options that are no object", () => {
    for (const options of [null, "text", []]) expect(refusal(options).message).toContain("object");
  });

  test("tags that hold something else than text", () => {
    expect(refusal({ ...minimal, tags: { team: { name: "a" } } }).message).toMatch(
      /tags\.team must be text, not an object.*option tags\.team.*DD_TAGS/,
    );
  });

  test.each(["https://datadoghq.eu", "datadoghq.eu/x", "a@b", "-eu", "eu.", "x".repeat(300), 5])(
    "the site %s, so that no key goes elsewhere",
    (site) => {
      expect(refusal({ ...minimal, site }).message).toMatch(/setting site .*DD_SITE/);
    },
  );

  test("git metadata of the wrong type", () => {
    expect(refusal({ ...minimal, git: { commitSha: 7 } }).message).toContain("git.commitSha");
    expect(refusal({ ...minimal, git: { repositoryUrl: {} } }).message).toContain(
      "git.repositoryUrl",
    );
  });

  test("a handler that is no function and a logger without its methods", () => {
    expect(refusal({ ...minimal, onError: "log" }).message).toContain("onError");
    expect(refusal({ ...minimal, logger: { ...silentLogger, info: undefined } }).message).toContain(
      "info()",
    );
  });
});

describe("the time limit of a shutdown", () => {
  /** What Docker leaves between SIGTERM and SIGKILL. */
  const graceMs = 10_000;

  test("by default leaves room for the end of the process before a container is killed", () => {
    const { shutdownTimeoutMs, link } = resolveConfiguration(minimal, {});

    expect(shutdownTimeoutMs + link.exitTimeoutMs).toBeLessThan(graceMs);
  });

  test("is never more than that of a flush unless it is said", () => {
    const limitOf = (options: object) =>
      resolveConfiguration({ ...minimal, ...options }, {}).shutdownTimeoutMs;

    expect(limitOf({ flushTimeoutMs: 300 })).toBe(300);
    expect(limitOf({ flushTimeoutMs: 60_000 })).toBe(5_000);
    expect(limitOf({ flushTimeoutMs: 300, shutdownTimeoutMs: 20_000 })).toBe(20_000);
  });
});

describe("createFoundation", () => {
  test("resolves the configuration, the guard and the diagnostics from one set of options", () => {
    const errors: Error[] = [];
    const foundation = createFoundation({
      ...minimal,
      logger: silentLogger,
      onError: (error) => errors.push(error),
      redaction: { keys: { block: ["nickname"] } },
    });
    foundation.diagnostics.fault("test", new Error("fault"));

    expect(foundation.configuration.service).toBe("checkout");
    expect(errors).toHaveLength(1);
    expect(foundation.guard.value("nickname", "ada")).toBe("[REDACTED]");
  });

  test("guards what goes out with everything, and leaves absent what is absent", () => {
    const { configuration } = createFoundation({
      service: "ada@example.com",
      env: "bob@example.com",
      version: "eve@example.com",
      llmobs: { mlApp: "ann@example.com" },
      agent: { host: "agent" },
    });
    expect(configuration).toMatchObject({
      service: "[EMAIL_REDACTED]",
      env: "[EMAIL_REDACTED]",
      version: "[EMAIL_REDACTED]",
      llmobs: { mlApp: "[EMAIL_REDACTED]" },
    });
    expect(Object.isFrozen(configuration)).toBe(true);

    const { env, version } = createFoundation(minimal).configuration;
    expect([env, version]).toEqual([undefined, undefined]);
  });

  test("turns a redaction option that cannot be used into a ConfigurationError with its cause", () => {
    const create = () =>
      createFoundation({ ...minimal, redaction: { preset: "unknown" as "default" } });

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(/option redaction cannot be used: preset must be/);
  });
});
