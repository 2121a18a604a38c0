import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const entry = new URL("../../src/index.ts", import.meta.url).href;
const section = readme.slice(readme.indexOf("## Provider server"));

/** The first fenced block of a language in the section. */
function fence(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(section)?.[1] ?? "";
}

test("the provider example of the README prints what the README says", async () => {
  const example = fence("ts").replace('"@llmdevops/dd-testing"', JSON.stringify(entry));
  const child = spawn(
    process.execPath,
    ["--conditions=@llmdevops/source", "--input-type=module-typescript", "-e", example],
    {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      stdio: ["ignore", "pipe", "inherit"],
    },
  );

  const output = await text(child.stdout);

  expect(output).not.toBe("");
  expect(output).toBe(fence("text"));
});
