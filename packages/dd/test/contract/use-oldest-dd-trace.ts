import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { afterAll, expect } from "vitest";

// A test file that imports this first, and then another test file, repeats that one on the oldest dd-trace.
const require = createRequire(import.meta.url);
const requireOfCore = createRequire(require.resolve("@llmdevops/dd-core/package.json"));
const oldest = pathToFileURL(requireOfCore.resolve("dd-trace-oldest")).href;
const newestEntry = /\/dd-trace@(?!6\.0\.0)[^/]+\/node_modules\/dd-trace\/index\.js$/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    return specifier === "dd-trace" || newestEntry.test(specifier)
      ? { url: oldest, shortCircuit: true, format: "commonjs" }
      : nextResolve(specifier, context);
  },
});

afterAll(() => {
  const loaded = Object.keys(require.cache).flatMap(
    (path) => /\/dd-trace@([^/]+)\//.exec(path)?.[1] ?? [],
  );
  expect([...new Set(loaded)]).toEqual(["6.0.0"]);
});
