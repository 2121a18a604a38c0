// npm run bench:service: one service under load with each kind of telemetry, as whole processes built as published.
import { install, progress, run } from "./workspace.mjs";

const passedOn = process.argv.slice(2);
if (!passedOn.includes("--help")) {
  await install();
  progress("building");
  const options = ["--filter=@llmdevops/bench-service", "--output-logs=errors-only"];
  const code = await run("turbo", ["run", "build", ...options], { stdio: ["ignore", 2, 2] });
  if (code !== 0) process.exit(code);
}
process.exitCode = await run("node", ["tooling/bench-service/src/main.ts", ...passedOn]);
