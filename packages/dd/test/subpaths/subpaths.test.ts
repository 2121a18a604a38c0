import { readFileSync } from "node:fs";
import type { Span } from "@llmdevops/dd";
import * as agent from "@llmdevops/dd/agent";
import * as core from "@llmdevops/dd/core";
import * as llm from "@llmdevops/dd/llm";
import * as metrics from "@llmdevops/dd/metrics";
import * as propagation from "@llmdevops/dd/propagation";
import * as redaction from "@llmdevops/dd/redaction";
import * as testing from "@llmdevops/dd/testing";
import * as agentPackage from "@llmdevops/dd-agent";
import * as corePackage from "@llmdevops/dd-core";
import * as llmPackage from "@llmdevops/dd-llm";
import * as metricsPackage from "@llmdevops/dd-metrics";
import * as propagationPackage from "@llmdevops/dd-propagation";
import * as redactionPackage from "@llmdevops/dd-redaction";
import * as testingPackage from "@llmdevops/dd-testing";
import { expect, expectTypeOf, test } from "vitest";

/** The exports of a module by name; a type is marked as one. */
function exportedNames(path: string): readonly string[] {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
  const names = [...text.matchAll(/^export (type )?\{([^}]*)\} from/gm)].flatMap(
    ([, areTypes, list = ""]) =>
      list
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "")
        .map((entry) => entry.replace(/\w+ as /, ""))
        .map((entry) => (areTypes && !entry.startsWith("type ") ? `type ${entry}` : entry)),
  );
  return names.sort();
}

const parts = [
  { name: "agent", subpath: agent, whole: agentPackage },
  { name: "core", subpath: core, whole: corePackage },
  { name: "llm", subpath: llm, whole: llmPackage },
  { name: "metrics", subpath: metrics, whole: metricsPackage },
  { name: "propagation", subpath: propagation, whole: propagationPackage },
  { name: "redaction", subpath: redaction, whole: redactionPackage },
  { name: "testing", subpath: testing, whole: testingPackage },
];

test.each(parts)(
  "the subpath of $name has the very values of its package",
  ({ subpath, whole }) => {
    expect({ ...subpath }).toEqual({ ...whole });
  },
);

test.each(parts)(
  "the subpath of $name has every type of its package (else run node tooling/scripts/write-subpaths.mjs)",
  ({ name }) => {
    const names = exportedNames(`dd/src/${name}.ts`);

    expect(names).toEqual(exportedNames(`dd-${name}/src/index.ts`));
    expect(names).not.toEqual([]);
  },
);

test("a type is the same one whichever way it is imported", () => {
  expectTypeOf<core.Span>().toEqualTypeOf<Span>();
  expectTypeOf<agent.Agents>().toEqualTypeOf<agentPackage.Agents>();
});
