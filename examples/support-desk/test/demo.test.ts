import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import type { DemoReport } from "../demo/report.ts";

const demo = fileURLToPath(new URL("../demo/demo.ts", import.meta.url));
const timeoutMs = 60_000;

async function runDemo(...options: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@llmdevops/source", demo, ...options],
    { timeout: timeoutMs, env: { ...process.env, NO_COLOR: "1" } },
  );
  // A run without a fault has nothing to warn of.
  expect(stderr).not.toContain("[llmdevops]");
  return stdout;
}

let report: DemoReport;

beforeAll(async () => {
  report = JSON.parse(await runDemo("--json")) as DemoReport;
}, timeoutMs);

test("one trace crosses the two processes", () => {
  expect(report.traces).toBe(2);
  expect(report.crossProcessTraces).toBe(1);
});

test("every model call that was made is one APM span and one LLM Observability span", () => {
  expect(report.llmSpans).toBe(report.providerCalls);
  expect(report.llmobsSpans).toBe(report.providerCalls);
  expect(report.providerCalls).toBe(13);
});

test("the cancelled and the failed call are there with their outcome", () => {
  expect(report.streamOutcomes).toEqual({ completed: 2, cancelled: 2 });
  expect(report.errors).toBe(1);
});

test("tokens equal what the provider server sent", () => {
  expect(report.tokens).toEqual(report.tokensSentByProviders);
  expect(report.tokens.input).toBeGreaterThan(0);
});

test("every log line is correlated with a trace that arrived", () => {
  expect(report.logs.total).toBeGreaterThan(10);
  expect(report.logs.correlated).toBe(report.logs.total);
});

test("nothing is lost", () => {
  expect(report.lost).toBe(0);
});

test("the service map holds the providers and the service behind HTTP", () => {
  expect(report.serviceMap).toEqual([
    ["billing", "openai"],
    ["support-desk", "anthropic"],
    ["support-desk", "billing"],
    ["support-desk", "google"],
    ["support-desk", "openai"],
  ]);
});

describe("the printed report", () => {
  let text: string;

  beforeAll(async () => {
    text = await runDemo();
  }, timeoutMs);

  test("has no colour codes in a pipe and ends with what was lost", () => {
    expect(text).not.toContain("\u001b[");
    expect(text.trimEnd().split("\n").at(-1)).toBe("lost       0");
  });

  test("fits a terminal of 80 columns", () => {
    expect(text.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
  });

  test.each([
    ["README.md", "../../../README.md"],
    ["examples/support-desk/README.md", "../README.md"],
  ])("is what %s shows, but for times and ids", (_name, path) => {
    const page = readFileSync(new URL(path, import.meta.url), "utf8");
    const shown = /<!-- demo -->\n```text\n([\s\S]*?)```/.exec(page)?.[1] ?? "no demo";

    for (const section of sections(shown)) expect(sections(text)).toContain(section);
  });
});

test(
  "an option that does not exist is refused with the help",
  async () => {
    await expect(runDemo("--verbose")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Usage: npm run demo"),
    });
  },
  timeoutMs,
);

/** The paragraphs of a report, without what differs from run to run; metrics that may be sent a run later are left out. */
function sections(report: string): string[] {
  return report
    .replaceAll(/\b[0-9a-f]{32}\b/g, "id")
    .replaceAll(/ +[\d.]+ ms/g, " time")
    .replaceAll(/^(datadog\.|llm\.tokens_per_second).*\n/gm, "")
    .trim()
    .split("\n\n");
}
