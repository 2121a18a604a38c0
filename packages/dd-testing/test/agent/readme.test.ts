import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const entry = new URL("../../src/index.ts", import.meta.url).href;

/** The first fenced block of a language. */
function fence(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(readme)?.[1] ?? "";
}

test("the example of the README prints what the README says", async () => {
  const example = fence("ts").replace('"@llmdevops/dd-testing"', JSON.stringify(entry));
  const child = spawn(
    process.execPath,
    ["--conditions=@llmdevops/source", "--input-type=module-typescript", "-e", example],
    {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });

  await once(child, "close");

  expect(output).not.toBe("");
  expect(output).toBe(fence("text"));
});
