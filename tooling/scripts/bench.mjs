// npm run bench: every package's benchmarks, one after the other, each beside its peers in the same process.
// Names of packages (dd-core …) limit it to those; other arguments, such as --quick, go to the benchmarks.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { install, progress, root, run } from "./workspace.mjs";

await install();
const packages = readdirSync(join(root, "packages"));
const wanted = process.argv.slice(2).filter((argument) => packages.includes(argument));
const passedOn = process.argv.slice(2).filter((argument) => !packages.includes(argument));

let failures = 0;
for (const name of wanted.length > 0 ? wanted : packages) {
  const folder = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!existsSync(join(folder, "bench")) || manifest.scripts.bench === undefined) continue;
  progress(`benchmarks of ${manifest.name}`);
  const code = await run("npm", ["run", "--silent", "bench", "--", ...passedOn], { cwd: folder });
  if (code !== 0) failures += 1;
}
process.exitCode = failures === 0 ? 0 : 1;
