import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { reportConfiguration } from "../src/configuration/configuration-report.ts";
import { createFoundation, resolveConfiguration } from "../src/index.ts";

const page = await readFile(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
const cell = (text: string | undefined) => (text === undefined ? "–" : `\`${text}\``);

/** Their default is said in words, since it depends on something else. */
const inWords = new Set(["service", "agent.host", "agent.url"]);

test("the reference page has every setting of the code, with its variable and default, and no others", () => {
  const { settings } = resolveConfiguration({ service: "s", agent: { host: "h" } }, {});
  const expected = Object.entries(settings).map(([path, { value, variable }]) => [
    cell(path),
    path === "agent.url" ? "`DD_TRACE_AGENT_URL`" : cell(variable),
    inWords.has(path) ? "in words" : cell(value === undefined ? undefined : String(value)),
  ]);
  const rows = [...page.matchAll(/^\| (`[\w.-]+`) \| (.+?) \| (.+?) \| (.+?) \|$/gm)].map(
    ([, path = "", variable, fallback, what]) => {
      expect(what).toMatch(/\w{3}/);
      return [path, variable, inWords.has(path.slice(1, -1)) ? "in words" : fallback];
    },
  );

  expect(rows.sort()).toEqual(expected.sort());
});

test("a report says where each value came from, and holds no credential", () => {
  const environment = {
    DD_ENV: "staging",
    DD_API_KEY: "0123456789abcdef0123456789abcdef",
    DD_GIT_REPOSITORY_URL: "https://ada:hunter2@example.com/shop.git",
    DD_TAGS: "owner:ada@example.com",
  };
  const { guard } = createFoundation({ service: "s" });
  const report = reportConfiguration(
    resolveConfiguration({ service: "checkout", tags: { tier: "1" } }, environment),
    guard,
  );
  const text = String(report);

  expect(text).toContain("service = checkout (option)\nenv = staging (DD_ENV)\n");
  expect(text).toContain("apiKey = [set] (DD_API_KEY)");
  expect(text).toContain("tags = owner, tier (option)");
  expect(text).toContain("flushTimeoutMs = 10000 (default)");
  expect(text).toContain("git.repositoryUrl = https://example.com/shop.git");
  expect(text + JSON.stringify(report)).not.toMatch(/0123456789|hunter2|ada/);
  expect(Object.isFrozen(report.settings)).toBe(true);
});
