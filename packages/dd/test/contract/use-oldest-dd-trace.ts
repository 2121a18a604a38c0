import Module, { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { afterAll, expect } from "vitest";

// A test file that imports this first, and then another test file, repeats that one on the oldest dd-trace.
const require = createRequire(import.meta.url);
const requireOfCore = createRequire(require.resolve("@llmdevops/dd-core/package.json"));
const oldest = requireOfCore.resolve("dd-trace-oldest");
const oldestUrl = pathToFileURL(oldest).href;
const newestEntry = /\/dd-trace@(?!6\.0\.0)[^/]+\/node_modules\/dd-trace\/index\.js$/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    return specifier === "dd-trace" || newestEntry.test(specifier)
      ? { url: oldestUrl, shortCircuit: true, format: "commonjs" }
      : nextResolve(specifier, context);
  },
});

// On Node 22 `require.resolve` asks no hooks, and has no other seam than this.
const resolveFilename: (specifier: string, ...context: unknown[]) => string = Reflect.get(
  Module,
  "_resolveFilename",
);
Reflect.set(Module, "_resolveFilename", (specifier: string, ...context: unknown[]) =>
  specifier === "dd-trace"
    ? oldest
    : Reflect.apply(resolveFilename, Module, [specifier, ...context]),
);

afterAll(() => {
  const loaded = Object.keys(require.cache).flatMap(
    (path) => /\/dd-trace@([^/]+)\//.exec(path)?.[1] ?? [],
  );
  expect([...new Set(loaded)]).toEqual(["6.0.0"]);
});
