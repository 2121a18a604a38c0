// What a package exports is what its reference shows: the entry points are read from the "exports" of its package.json.
// The main one fills the page of the package, each further one has a page named as it is imported.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Comment, Converter, ReflectionKind } from "typedoc";

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.options.addReader({
    name: "package-exports",
    order: 1000,
    supportsPackages: true,
    read(options, _logger, folder) {
      const entries = entriesOf(folder);
      if (entries.length > 0) options.setValue("entryPoints", entries.map(sourceOf), folder);
    },
  });
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const folder = application.options.packageDir;
    if (folder === undefined) return;
    const base = application.options.getValue("displayBasePath");
    const entries = entriesOf(folder);
    // A package with one entry point fills its page with it already.
    if (entries.length < 2) return;
    for (const entry of entries) {
      const modules = project.getChildrenByKind(ReflectionKind.Module);
      const module = modules.find(isOf(entry, folder, base));
      if (module === undefined) throw new Error(`There is no module for ${entry.name}`);
      if (entry.name === entry.packageName) project.mergeReflections(module, project);
      else nameSubPath(module, entry, folder);
    }
  });
}

function nameSubPath(module, entry, folder) {
  module.name = entry.name;
  const origin = onlySource(readFileSync(join(folder, sourceOf(entry)), "utf8"));
  if (origin === undefined) return;
  // A second copy of a whole package would only double what a search finds.
  for (const child of [...(module.children ?? [])]) module.project.removeReflection(child);
  module.comment = new Comment([
    { kind: "text", text: "Every name of " },
    { kind: "inline-tag", tag: "@link", text: `${origin}! | ${origin}` },
    { kind: "text", text: ", for applications that install `@llmdevops/dd` alone." },
  ]);
}

/** The package that a file hands on and nothing else, if it does. */
function onlySource(text) {
  const rest = text.replace(/export (?:type )?\{[^}]*\} from "([^"]+)";/g, "").trim();
  const sources = new Set([...text.matchAll(/\} from "([^"]+)";/g)].map(([, source]) => source));
  const [source] = sources;
  return rest === "" && sources.size === 1 && !source?.startsWith(".") ? source : undefined;
}

function entriesOf(folder) {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return [];
  const { name, exports = {} } = JSON.parse(readFileSync(file, "utf8"));
  return Object.entries(exports).flatMap(([path, conditions]) => {
    const source = conditions["@llmdevops/source"];
    return source === undefined ? [] : [{ packageName: name, name: join(name, path), source }];
  });
}

function sourceOf({ source }) {
  return source.replace("./", "");
}

/** TypeDoc names a module by its file, from the folder that source links start at. */
function isOf({ source }, folder, base) {
  const file = relative(base, join(folder, source)).replaceAll("\\", "/");
  const module = file.replace(/(?:\/index)?\.ts$/, "");
  return ({ name }) => name === module;
}
