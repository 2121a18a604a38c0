import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(`${folder}README.md`, "utf8");

/** What the README says that an example prints. */
function printed(name: string): string | undefined {
  return new RegExp(`npm run ${name}\\n\`\`\`\\n\\n\`\`\`text\\n([^]*?)\`\`\``).exec(readme)?.[1];
}

test.each(["openai-agents", "claude-agent", "ai-sdk", "langgraph"])(
  "%s prints what the README says",
  async (name) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@llmdevops/source", `src/${name}.ts`],
      // In tests the OpenAI Agents SDK traces nothing.
      { cwd: folder, timeout: 30_000, env: { ...process.env, NODE_ENV: "development" } },
    );

    expect(stdout).toBe(printed(name));
  },
  40_000,
);
