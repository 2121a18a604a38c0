import { ConfigurationError } from "@llmdevops/dd-core";
import { expect, test } from "vitest";
import { type ContentOptions, resolveContentPolicy } from "../src/content/content-policy.ts";
import { testFoundation } from "./support/foundation.ts";

const variable = "DD_LLMDEVOPS_CONTENT";

function policyOf(options: ContentOptions, environment: Record<string, string> = {}) {
  return resolveContentPolicy(options, testFoundation().diagnostics, environment);
}

test("nothing is recorded by default", () => {
  expect(policyOf({})).toEqual({
    mode: "none",
    previewLength: 500,
    hashKey: undefined,
    kinds: {},
    parts: {},
    sampling: undefined,
  });
});

test.each(["none", "metadata", "preview", "full"] as const)(
  "the mode %s is taken from the option before the environment",
  (mode) => {
    expect(policyOf({ mode }, { [variable]: "full" }).mode).toBe(mode);
    expect(policyOf({}, { [variable]: ` ${mode.toUpperCase()} ` }).mode).toBe(mode);
  },
);

test("a spelling error in the environment records nothing, is counted and said once", () => {
  const { diagnostics } = testFoundation();
  const said: string[] = [];
  diagnostics.warnOnce = (_topic, message) => {
    said.push(message);
  };

  expect(resolveContentPolicy({}, diagnostics, { [variable]: "ful" }).mode).toBe("none");
  expect(resolveContentPolicy({}, diagnostics, { [variable]: " " }).mode).toBe("none");
  expect(diagnostics.counts()).toEqual({ content_mode_unknown: 1 });
  expect(said).toHaveLength(1);
});

test("the process's environment is the one that is read", () => {
  const { diagnostics } = testFoundation();
  const before = process.env[variable];
  process.env[variable] = "metadata";
  try {
    expect(resolveContentPolicy({}, diagnostics).mode).toBe("metadata");
  } finally {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  }
});

test.each<[string, unknown]>([
  ["an unknown mode", { mode: "all" }],
  ["a mode that is an object's method", { mode: "toString" }],
  ["a preview of nothing", { previewLength: 0 }],
  ["a preview that is too long", { previewLength: 5_001 }],
  ["a preview that is no number", { previewLength: Number.NaN }],
  ["a preview of half a character", { previewLength: 1.5 }],
  ["an empty hash key", { hashKey: "" }],
  ["a hash key that is no text", { hashKey: 5 }],
])("%s is refused when the client is built", (_title, options) => {
  expect(() => policyOf(options as ContentOptions)).toThrow(ConfigurationError);
});

test.each([1, 5_000])("a preview of %i characters is allowed", (previewLength) => {
  expect(policyOf({ previewLength }).previewLength).toBe(previewLength);
});
