// The examples in docstrings of what the packages export, as files that can be type-checked and run.
//
// An example may leave out what its reader has before him: the names of its own package, which are imported for it,
// and the application around it, such as `client` or `request`, which tooling/documentation/given/<package>.ts
// declares. Everything else it has to import itself. A line such as `decimalToHex("10"); // "000000000000000a"` says
// what its expression results in, and is run.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

/** Every example: its place, the name of its file, its source, and whether it can be run. */
export function docstringExamples() {
  const packages = readdirSync(join(root, "packages")).sort();
  return packages.flatMap((folder) => {
    const exported = exportedNames(folder);
    const given = givenNames(folder);
    return sourceFiles(folder).flatMap((file) => {
      const text = readFileSync(join(root, "packages", folder, "src", file), "utf8");
      // What is not exported has examples for those who work on it, in terms that nothing else knows.
      if (!declaredNames(text).some((name) => exported.has(name))) return [];
      return examplesOf(text, file).map(({ line, code }) => {
        const place = `packages/${folder}/src/${file}:${line}`;
        const name = place.replace(/^packages\//, "").replace(/[^a-zA-Z0-9]+/g, "-");
        const { source, results } = withChecks(code);
        const isGiven = namesIn(code).filter((name) => given.has(name));
        const head = [
          `// ${place}`,
          ...importsFor(code, exported),
          ...importLine(isGiven, `../given/${folder}.ts`),
          ...(results > 0 ? ['import { deepStrictEqual } from "node:assert/strict";'] : []),
          "export {};",
        ];
        return {
          place,
          name: `docstring-${name}.ts`,
          source: `${head.join("\n")}\n${source}`,
          runs: results > 0 && isGiven.length === 0,
        };
      });
    });
  });
}

function sourceFiles(folder) {
  const files = readdirSync(join(root, "packages", folder, "src"), { recursive: true });
  return files
    .map((file) => String(file).replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts"));
}

function examplesOf(text, file) {
  const unfenced = /^[ \t]*\* @example\b.*\n(?![ \t]*\* ```(?:ts|js)\n).*$/m.exec(text);
  if (unfenced !== null) throw new Error(`An example in ${file} is no code block:\n${unfenced[0]}`);
  return [...text.matchAll(/^[ \t]*\* ```ts\n([\s\S]*?)^[ \t]*\* ```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split("\n").length + 1,
    code: match[1].replace(/^[ \t]*\*(?: |$)/gm, ""),
  }));
}

/** The names that a package exports, each with its import. */
function exportedNames(folder) {
  const manifest = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
  const names = new Map();
  for (const [path, { "@llmdevops/source": source }] of Object.entries(manifest.exports)) {
    if (source === undefined) continue;
    const text = readFileSync(join(root, "packages", folder, source), "utf8");
    const specifier = `${manifest.name}${path.slice(1)}`;
    for (const [, areTypes, list] of text.matchAll(/^export (type )?\{([^}]*)\} from/gm)) {
      for (const entry of list.split(",").map((part) => part.trim())) {
        const name = entry.replace(/^type /, "").replace(/^\w+ as /, "");
        if (name === "" || names.has(name)) continue;
        names.set(name, { specifier, isType: areTypes !== undefined || entry.startsWith("type ") });
      }
    }
  }
  return names;
}

function givenNames(folder) {
  const file = join(root, "tooling", "documentation", "given", `${folder}.ts`);
  return new Set(existsSync(file) ? declaredNames(readFileSync(file, "utf8")) : []);
}

function declaredNames(text) {
  const declaration =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:class|const|let|function|interface|type) (\w+)/gm;
  return [...text.matchAll(declaration)].map(([, name]) => name);
}

/** The names that an example uses and does not declare or import. */
function namesIn(code) {
  // Texts first: an address in one is no comment.
  const bare = code.replace(/"[^"\n]*"|'[^'\n]*'/g, '""').replace(/\/\/.*$/gm, "");
  const used = new Set([...bare.matchAll(/(?<![.\w$])[A-Za-z_$][\w$]*/g)].map(([name]) => name));
  const own = [
    ...code.matchAll(/\b(?:const|let|class|function)\s+(\w+)/g),
    ...code.matchAll(/\b(?:const|let|import)(?:\s+type)?\s*\{([^}]*)\}/g),
  ].flatMap(([, names]) => names.split(",").map((name) => name.trim().replace(/^.*[\s:]/, "")));
  for (const name of own) used.delete(name);
  return [...used];
}

function importsFor(code, exported) {
  const bySpecifier = new Map();
  for (const name of namesIn(code)) {
    const { specifier, isType } = exported.get(name) ?? {};
    if (specifier === undefined) continue;
    const names = bySpecifier.get(specifier) ?? [];
    bySpecifier.set(specifier, [...names, isType ? `type ${name}` : name]);
  }
  return [...bySpecifier].flatMap(([specifier, names]) => importLine(names, specifier));
}

function importLine(names, specifier) {
  return names.length === 0 ? [] : [`import { ${names.join(", ")} } from "${specifier}";`];
}

/** Turns each line that says what it results in into one that compares, by value and not by prototype. */
function withChecks(code) {
  let results = 0;
  const said = /^([^\n/].*);(?: |\n)\/\/ (["'`[{\d-].*|true|false|null|undefined)$/gm;
  const source = code.replace(said, (line, expression, result) => {
    if (/^(?:const|let|import|export)\b/.test(expression) || !isValue(result)) return line;
    results += 1;
    return `deepStrictEqual(structuredClone(${expression}), ${result});${line.includes("\n") ? "\n" : ""}`;
  });
  return { source, results };
}

function isValue(text) {
  try {
    new Function(`return (${text});`)();
    return true;
  } catch {
    return false;
  }
}
