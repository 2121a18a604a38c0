// The way of a new user: an empty folder, one install, a few lines, and a trace that arrives.
import { spawn } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.mjs";
import { install } from "./empty-project.mjs";
import { execute, nodePath } from "./execute.mjs";

const ports = { http: 18_126, dogstatsd: 18_125 };
const longestWaitMs = 30_000;

/** Returns how long it took from the empty folder to the trace at the embedded Agent, and with how many lines. */
export async function firstTrace(folder, registry) {
  const start = performance.now();
  const project = install(folder, ["@llmdevops/dd@1.0.0"], registry);
  const script = join(root, "tooling", "consumer", "release", "first-trace.mjs");
  cpSync(script, join(project, "first-trace.mjs"));
  const command = join(project, "node_modules", "@llmdevops", "dd-testing", "dist", "command");
  const flags = ["--port", String(ports.http), "--dogstatsd-port", String(ports.dogstatsd)];
  const agent = spawn(nodePath(), [join(command, "main.js"), "agent", ...flags], {
    cwd: project,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await printed(agent, "DogStatsD at");
    const arrived = printed(agent, "hello.world");
    execute(project, "node", ["--import", "@llmdevops/dd/register", "first-trace.mjs"], {
      DD_TRACE_AGENT_PORT: String(ports.http),
      DD_DOGSTATSD_PORT: String(ports.dogstatsd),
    });
    await arrived;
  } finally {
    agent.kill();
  }
  const lines = readFileSync(script, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return { seconds: Math.round((performance.now() - start) / 1000), lines: lines.length };
}

function printed(child, text) {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = () => reject(new Error(`The embedded Agent did not print ${text}:\n${output}`));
    const timer = setTimeout(fail, longestWaitMs);
    child.stdout.on("data", (part) => {
      output += part;
      if (!output.includes(text)) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
