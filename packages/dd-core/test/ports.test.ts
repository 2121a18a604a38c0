import { describe, expect, test } from "vitest";
import {
  apiKeyAuthenticator,
  discardingMetricsSink,
  environmentCredentialProvider,
  silentLogger,
} from "../src/index.ts";
import { runModule } from "./support/child-process.ts";

describe("environmentCredentialProvider", () => {
  test("reads a variable at the moment it is asked for, so that it may be rotated", () => {
    const environment: Record<string, string> = { DD_API_KEY: "first" };
    const provider = environmentCredentialProvider(environment);

    expect(provider.getCredential("DD_API_KEY")).toBe("first");
    environment["DD_API_KEY"] = "second";
    expect(provider.getCredential("DD_API_KEY")).toBe("second");
  });

  test("has nothing for an absent or empty variable, or for what every object has", () => {
    const provider = environmentCredentialProvider({ EMPTY: "" });

    for (const name of ["ABSENT", "EMPTY", "__proto__", "constructor"]) {
      expect(provider.getCredential(name)).toBeUndefined();
    }
  });

  test("reads process.env by default", () => {
    process.env["LLMDEVOPS_TEST_CREDENTIAL"] = "value";
    try {
      const provider = environmentCredentialProvider();
      expect(provider.getCredential("LLMDEVOPS_TEST_CREDENTIAL")).toBe("value");
    } finally {
      delete process.env["LLMDEVOPS_TEST_CREDENTIAL"];
    }
  });
});

describe("apiKeyAuthenticator", () => {
  test("puts the key in Datadog's header", () => {
    const authenticator = apiKeyAuthenticator(environmentCredentialProvider({ DD_API_KEY: "key" }));

    expect(authenticator.authenticate()).toEqual({ "DD-API-KEY": "key" });
  });

  test("adds nothing without a key", () => {
    expect(apiKeyAuthenticator(environmentCredentialProvider({})).authenticate()).toEqual({});
  });
});

test("the sinks without effect take every call", () => {
  discardingMetricsSink.increment("a");
  discardingMetricsSink.gauge("a", 1);
  discardingMetricsSink.histogram("a", 1, { team: "search" });
  discardingMetricsSink.distribution("a", 1, {}, { sampleRate: 0.5 });
  for (const level of ["error", "warn", "info", "debug"] as const) silentLogger[level]("line");

  expect(Object.keys(discardingMetricsSink)).toEqual([
    "increment",
    "gauge",
    "histogram",
    "distribution",
  ]);
});

describe("standardErrorLogger", () => {
  const load = `const { standardErrorLogger } = await import("@llmdevops/dd-core");`;

  test("writes warnings and errors to standard error, one line each, and nothing else", async () => {
    const { output, errors, status } = await runModule(`${load}
      standardErrorLogger.warn("first\\nsecond %s");
      standardErrorLogger.error("third");
      standardErrorLogger.info("no");
      standardErrorLogger.debug("no");`);

    expect({ output, errors, status }).toEqual({
      output: "",
      errors: "[llmdevops] WARN first second %s\n[llmdevops] ERROR third\n",
      status: 0,
    });
  });

  test("does not end the process when standard error is closed", async () => {
    const { output, status } = await runModule(`${load}
      const { once } = await import("node:events");
      process.stderr.destroy();
      standardErrorLogger.warn("line");
      await new Promise((resolve) => setTimeout(resolve, 20));
      process.stdout.write("alive");`);

    expect({ output, status }).toEqual({ output: "alive", status: 0 });
  });
});
