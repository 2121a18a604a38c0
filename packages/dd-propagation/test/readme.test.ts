import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = new URL("..", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");

function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "ms").exec(readme)?.[1] ?? "";
}

test("the README's example prints what the README says", () => {
  const { NODE_OPTIONS: _, ...env } = process.env;

  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@llmdevops/source", "--input-type=module-typescript", "-e", block("ts")],
    { cwd: fileURLToPath(root), encoding: "utf8", env: { ...env, NO_COLOR: "1" } },
  );

  expect(stderr).toBe("");
  expect(stdout).toBe(block("text"));
});

test("the README names every function that makes a carrier and every option's variable", () => {
  const source = readFileSync(new URL("src/index.ts", root), "utf8");
  const options = readFileSync(new URL("src/propagator/resolve-options.ts", root), "utf8");

  for (const [name] of source.matchAll(/\b[a-z][A-Za-z]*Carrier\b/g))
    expect(readme).toContain(name);
  for (const [name] of options.matchAll(/\b(?:DD|OTEL)_[A-Z_]+\b/g)) expect(readme).toContain(name);
});
