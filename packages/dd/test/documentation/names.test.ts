import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const page = readFileSync(join(root, "docs", "names.md"), "utf8");
const metrics = readFileSync(join(root, "docs", "metrics.md"), "utf8");

/** Dotted names that are neither tags nor metrics: paths of options, variables of OpenTelemetry's resource. */
const otherNames = new Set([
  "agent.host",
  "agent.port",
  "agent.url",
  "deployment.environment",
  "deployment.environment.name",
  "llm.retry",
  "operation.name",
]);
const dottedName =
  /"((?:llm|agent|tool|deployment|usr|peer|git|mcp|claude|langchain|langgraph|guardrail)\.[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)"/g;

function namesInCode(): Set<string> {
  const names = new Set<string>();
  for (const folder of ["dd-core", "dd-llm", "dd-agent"]) {
    const source = join(root, "packages", folder, "src");
    for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      for (const [, name = ""] of readFileSync(join(source, file), "utf8").matchAll(dottedName)) {
        names.add(name);
      }
    }
  }
  return names;
}

function namesIn(text: string): Set<string> {
  return new Set([...text.matchAll(/`([a-z]+(?:\.[a-z0-9_]+)+)`/g)].map(([, name = ""]) => name));
}

describe("the page of names on the wire", () => {
  const inCode = namesInCode();
  const onPage = namesIn(page);
  const ofMetrics = namesIn(metrics);

  test("has every tag that the code writes", () => {
    const missing = [...inCode].filter(
      (name) => !onPage.has(name) && !ofMetrics.has(name) && !otherNames.has(name),
    );
    expect(missing).toEqual([]);
  });

  test("has no tag that the code does not write", () => {
    const composed = /^llm\.(prompt|response)_(length|preview|truncated|hash)$/;
    const invented = [...onPage].filter(
      (name) =>
        /^(llm|agent|tool|deployment|mcp|claude|langchain|langgraph|guardrail)\./.test(name) &&
        !inCode.has(name) &&
        !composed.test(name),
    );
    expect(invented).toEqual([]);
  });
});
