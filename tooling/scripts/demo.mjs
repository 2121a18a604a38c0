// npm run demo: sets the workspace up where needed, then runs the support desk example.
import { install, progress, run } from "./workspace.mjs";

await install();
progress("starting the support desk");
process.exitCode = await run("node", [
  "--conditions=@llmdevops/source",
  "examples/support-desk/demo/demo.ts",
  ...process.argv.slice(2),
]);
