// npm run bench: see tooling/bench-report/src/main.ts, which this starts in a workspace that is set up.
import { install, run } from "./workspace.mjs";

const passedOn = process.argv.slice(2);
if (!passedOn.includes("--help")) await install();
process.exitCode = await run("node", ["tooling/bench-report/src/main.ts", ...passedOn]);
