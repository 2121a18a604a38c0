import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** Runs the benchmarks of spans, memory and start-up, each in a process of its own. */
const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const folder = mkdtempSync(join(tmpdir(), "dd-core-bench-"));
const report: Record<string, unknown> = {};
for (const name of ["spans", "memory", "start-up"]) {
  const file = join(folder, `${name}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      ...process.execArgv,
      fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
      ...["--json", file],
      ...(values.quick ? ["--quick"] : []),
    ],
    { stdio: "inherit" },
  );
  if (status === 0) report[name] = JSON.parse(readFileSync(file, "utf8"));
  else process.exitCode = 1;
}
rmSync(folder, { recursive: true });
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
