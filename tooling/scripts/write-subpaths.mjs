// Writes packages/dd/src/core.ts and its like anew: each names every export of one package, so that
// @llmdevops/dd/core is the same as @llmdevops/dd-core. Run it after a package's exports have changed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { progress, root, run } from "./workspace.mjs";

const parts = ["agent", "core", "llm", "metrics", "propagation", "redaction", "testing"];

const written = parts.map((part) => {
  const index = readFileSync(join(root, "packages", `dd-${part}`, "src", "index.ts"), "utf8");
  const names = [...index.matchAll(/^export (type )?\{([^}]*)\} from/gm)].flatMap(
    ([, areTypes, list]) =>
      list
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "")
        // What is renamed in the package's index has its new name outside.
        .map((entry) => entry.replace(/\w+ as /, ""))
        .map((entry) => (areTypes && !entry.startsWith("type ") ? `type ${entry}` : entry)),
  );
  const file = join(root, "packages", "dd", "src", `${part}.ts`);
  writeFileSync(file, `export {\n${names.join(",\n")},\n} from "@llmdevops/dd-${part}";\n`);
  progress(`${names.length} names in packages/dd/src/${part}.ts`);
  return file;
});
// It sorts the names, too.
process.exitCode = await run("biome", ["check", "--write", ...written]);
