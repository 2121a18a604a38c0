import { ConfigurationError, silentLogger } from "@llmdevops/dd";
import { createAgents } from "@llmdevops/dd-agent";
import { createJSONLogger, createTracing, fileCredentialProvider } from "@llmdevops/dd-core";
import {
  aiSdkTelemetry,
  createLangChainHandler,
  createLLM,
  createOpenAIAgentsProcessor,
} from "@llmdevops/dd-llm";
import { createPropagator } from "@llmdevops/dd-propagation";
import { createRedactor, createStreamRedactor } from "@llmdevops/dd-redaction";
import { createMockClient } from "@llmdevops/dd-testing";
import { describe, expect, test, vi } from "vitest";
import { badValues, password, secret } from "./bad-values.ts";

const settings = { service: "shop", enabled: false, logger: silentLogger };
const tracing = createTracing(settings);
const llm = createLLM({ tracing });
const agents = createAgents({ tracing });
vi.spyOn(process, "emitWarning").mockImplementation(() => {});
vi.spyOn(process.stderr, "write").mockReturnValue(true);

type Factory = (options: never) => unknown;

/** A factory, options with which it works, and the options that only it has. */
const factories: readonly (readonly [string, Factory, object, readonly string[]])[] = [
  ["createLLM", createLLM, { tracing }, ["tracing", "metrics", "durationMetricType"]],
  [
    "createAgents",
    createAgents,
    { tracing },
    ["tracing", "metrics", "recordContent", "durationMetricType", "budget"],
  ],
  ["createMockClient", createMockClient, {}, ["clock", "exporter", "metrics"]],
  [
    "createJSONLogger",
    (options) => createJSONLogger(tracing, options),
    {},
    ["level", "destination"],
  ],
  ["fileCredentialProvider", fileCredentialProvider, { directory: "/" }, ["directory", "maxAgeMs"]],
  [
    "createPropagator",
    createPropagator,
    { env: {} },
    ["extract", "inject", "behavior", "baggage", "env", "onError"],
  ],
  ["createRedactor", createRedactor, {}, ["preset", "rules", "keys", "hashKey", "limits"]],
  ["createStreamRedactor", createStreamRedactor, {}, ["redactor", "target", "lookBack"]],
  ["aiSdkTelemetry", aiSdkTelemetry, { llm }, ["llm", "provider", "tags", "metricTags", "logger"]],
  [
    "createLangChainHandler",
    createLangChainHandler,
    { llm, agents },
    ["llm", "agents", "maximumOpenRuns", "logger"],
  ],
  [
    "createOpenAIAgentsProcessor",
    createOpenAIAgentsProcessor,
    { llm, agents },
    ["llm", "agents", "flush", "provider", "maximumTraces", "maximumOpenSpans", "logger"],
  ],
];

describe.each(factories)("%s", (_name, create, options, names) => {
  test.each(Object.entries(badValues))(
    "as its options %s is taken, or refused by an error of ours",
    (_value, value) => {
      expect(faultOf(create, value, "option")).toBeUndefined();
    },
  );

  test.each(names)("takes %s, or refuses it by an error of ours that names it", (name) => {
    for (const [value, given] of Object.entries(badValues)) {
      const fault = faultOf(create, { ...options, [name]: given }, name);
      expect(fault === undefined ? undefined : `${value}: ${fault}`).toBeUndefined();
    }
  });
});

/** What is wrong with the error that a factory throws. */
function faultOf(create: Factory, options: unknown, name: string): string | undefined {
  try {
    create(options as never);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) return "no error";
    const isOurs =
      ConfigurationError.isInstance(error) || error.name === "RedactionConfigurationError";
    if (!isOurs) return `${error.name}: ${error.message}`;
    if (!`${error.message} options`.includes(name)) return `without ${name}: ${error.message}`;
    return [secret, password].some((text) => error.message.includes(text)) ? "secret" : undefined;
  }
}
