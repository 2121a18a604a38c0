import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadCapture } from "../../src/index.ts";

const main = fileURLToPath(new URL("../../src/command/main.ts", import.meta.url));

function run(...commandArguments: readonly string[]) {
  const child = spawn(
    process.execPath,
    ["--conditions=@llmdevops/source", main, ...commandArguments],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return { child, ended, errors: text(child.stderr) };
}

test("the agent prints traces as trees, records them, and replay sends them again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "command-"));
  const file = join(directory, "recorded.jsonl");
  const agent = run("agent", "--port", "0", "--dogstatsd-port", "0", "--record", file);
  let printed = "";
  agent.child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  await expect.poll(() => printed, { timeout: 10_000 }).toContain("DD_TRACE_AGENT_URL");
  const url = /Agent at (\S+),/.exec(printed)?.[1] ?? "";

  const load = run("load", "--url", url, "--rate", "20", "--duration", "0.2", "--error-rate", "1");
  const table = await text(load.child.stdout);
  expect(await load.ended).toBe(0);
  expect(table).toMatch(/^traces +4$/m);
  expect(table).toMatch(/^accepted +4$/m);
  await expect.poll(() => printed.match(/^trace /gm)?.length, { timeout: 5_000 }).toBe(4);
  expect(printed).toMatch(/^synthetic\.request .*ERROR SyntheticError\n├─ agent\.run/m);

  agent.child.kill("SIGINT");
  expect(await agent.ended).toBe(0);
  expect((await loadCapture(file)).spans.length).toBeGreaterThan(4);

  const replay = run("replay", file, "--url", "http://127.0.0.1:1");
  expect(await text(replay.child.stdout)).toMatch(
    /^4 traces, \d+ spans in \d+ ms: 0 accepted, 4 \(/,
  );
  expect(await replay.ended).toBe(0);
  await rm(directory, { recursive: true });
});

test("what cannot be done is said with the usage, and ends with 2", async () => {
  for (const [commandArguments, reason] of [
    [["fly"], "Usage"],
    [["toString"], "Usage"],
    [["agent", "--port", "many"], "--port must be a number from 0 to 65535, not many"],
    [["agent", "--speed", "1"], "--speed"],
    [["replay"], "replay takes one file"],
    [["load", "--rate", ""], "--rate must be a number"],
  ] as const) {
    const command = run(...commandArguments);
    expect(await command.errors, commandArguments.join(" ")).toContain(reason);
    expect(await command.ended).toBe(2);
  }
});

test("a failure that is nobody's mistake ends with 1", async () => {
  const command = run("replay", "/does/not/exist");

  expect(await command.errors).toContain("ENOENT");
  expect(await command.ended).toBe(1);
});
