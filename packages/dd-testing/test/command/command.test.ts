import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { generateLoad, loadCapture, startTestAgent } from "../../src/index.ts";

// Every test starts processes, which takes its time where others do too.
vi.setConfig({ testTimeout: 30_000 });

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
  await expect.poll(() => printed, { timeout: 25_000 }).toContain("DD_TRACE_AGENT_URL");
  const url = /Agent at (\S+),/.exec(printed)?.[1] ?? "";

  const load = run("load", "--url", url, "--rate", "20", "--duration", "0.2", "--error-rate", "1");
  const table = await text(load.child.stdout);
  expect(await load.ended).toBe(0);
  expect(table).toMatch(/^traces +4$/m);
  expect(table).toMatch(/^accepted +4$/m);
  await expect.poll(() => printed.match(/^trace /gm)?.length, { timeout: 25_000 }).toBe(4);
  expect(printed).toMatch(/^synthetic\.request .*ERROR SyntheticError\n├─ agent\.run/m);

  agent.child.kill("SIGINT");
  expect(await agent.ended).toBe(0);
  expect((await loadCapture(file)).spans.length).toBeGreaterThan(4);

  const replay = run("replay", file, "--url", "http://127.0.0.1:1");
  expect(await text(replay.child.stdout)).toMatch(
    /^4 traces, \d+ spans in \d+ ms: 0 accepted, 4 \(/,
  );
  expect(await replay.ended).toBe(1);
  await rm(directory, { recursive: true });
});

test("an agent whose recording cannot be written says so before it receives, and does not stay", async () => {
  const file = join(tmpdir(), "there-is-no-such-directory", "recorded.jsonl");
  const agent = run("agent", "--port", "0", "--dogstatsd-port", "0", "--record", file);

  expect(await text(agent.child.stdout)).toBe("");
  expect(await agent.errors).toContain("ENOENT");
  expect(await agent.ended).toBe(1);
});

test("an agent whose recording can no longer be written at the end ends all the same", async () => {
  const directory = await mkdtemp(join(tmpdir(), "command-"));
  const file = join(directory, "recorded.jsonl");
  const agent = run("agent", "--port", "0", "--dogstatsd-port", "0", "--record", file);
  let printed = "";
  agent.child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  await expect.poll(() => printed, { timeout: 25_000 }).toContain("DD_TRACE_AGENT_URL");
  await rm(directory, { recursive: true });
  agent.child.kill("SIGINT");

  expect(await agent.errors).toContain("ENOENT");
  expect(await agent.ended).toBe(1);
});

test.each([
  [["fly"], "There is no command fly.\n\nUsage: dd-testing <command>"],
  [["toString"], "There is no command toString."],
  [
    ["agent", "--port", "many"],
    "--port must be a number from 0 to 65535, not many\n\nUsage: dd-testing agent",
  ],
  [["replay"], "replay takes exactly one file"],
  [["load", "--rate", ""], "--rate must be a number"],
  [["load", "--url", "nonsense"], "--url must be an http: or https: address, not nonsense"],
  [["replay", "run.jsonl", "--url", "unix:///run/apm.sock"], "--url must be an http: or https:"],
])(
  "%j cannot be done: the help of the command says so, and it ends with 2",
  async (commandArguments, reason) => {
    const command = run(...commandArguments);

    expect(await command.errors).toContain(reason);
    expect(await command.ended).toBe(2);
  },
);

test.each([
  [["--help"], "Usage: dd-testing <command>"],
  [["agent", "-h"], "--record FILE"],
  [["replay", "file", "--help"], "--speed S"],
  [["--version"], "."],
])("%j is answered on the output, and ends with 0", async (commandArguments, answer) => {
  const command = run(...commandArguments);

  expect(await text(command.child.stdout)).toContain(answer);
  expect(await command.errors).toBe("");
  expect(await command.ended).toBe(0);
});

test("with --json the output is nothing but JSON, and progress and notes are beside it", async () => {
  const agent = run("agent", "--port", "0", "--dogstatsd-port", "0", "--json");
  let notes = "";
  agent.child.stderr.on("data", (chunk) => {
    notes += chunk;
  });
  const output = text(agent.child.stdout);
  await expect.poll(() => notes, { timeout: 25_000 }).toContain("DD_TRACE_AGENT_URL");
  const url = /Agent at (\S+),/.exec(notes)?.[1] ?? "";

  const load = run("load", "--url", url, "--rate", "2", "--duration", "1.6", "--json");
  const report = JSON.parse(await text(load.child.stdout));
  agent.child.kill("SIGTERM");
  const traces = (await output)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

  expect(report).toMatchObject({ traces: 3, accepted: 3, refused: {} });
  expect(await load.errors).toMatch(/^\d of 2 s: \d traces, \d+ spans, \d accepted$/m);
  expect(traces.map(({ spans }) => spans[0].name)).toEqual(Array(3).fill("synthetic.request"));
  expect(await agent.ended).toBe(0);
});

test("load to an Agent that is not there says how much was refused and why, and ends with 1", async () => {
  const gone = await startTestAgent();
  await gone.stop();
  const load = run("load", "--url", gone.url, "--rate", "10", "--duration", "0.2");

  expect(await text(load.child.stdout)).toMatch(/^refused \(ECONNREFUSED\) +2$/m);
  expect(await load.ended).toBe(1);
});

test("an agent whose reader has gone ends", async () => {
  const agent = run("agent", "--port", "0", "--dogstatsd-port", "0");
  agent.child.stdout.once("data", (chunk) => {
    const url = /Agent at (\S+),/.exec(String(chunk))?.[1] ?? "";
    agent.child.stdout.destroy();
    void generateLoad({ url, tracesPerSecond: 50, durationMs: 100 });
  });

  expect(await agent.ended).toBe(0);
});

test("a failure that is nobody's mistake ends with 1", async () => {
  const command = run("replay", "/does/not/exist");

  expect(await command.errors).toContain("ENOENT");
  expect(await command.ended).toBe(1);
});

test.each([
  ["--port", "--dogstatsd-port"],
  ["--dogstatsd-port", "--port"],
])("a %s that is taken is named, with the way out", async (taken, free) => {
  const other = await startTestAgent();
  onTestFinished(() => other.stop());
  const port = taken === "--port" ? new URL(other.url).port : String(other.dogstatsdPort);

  const command = run("agent", taken, port, free, "0");

  expect(await command.errors).toBe(
    `Port ${port} is taken, perhaps by an Agent: choose another one with ${taken}, or 0 for a free one.\n`,
  );
  expect(await command.ended).toBe(1);
});
