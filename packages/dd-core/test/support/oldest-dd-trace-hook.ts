import Module, { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

// Puts the oldest supported dd-trace in the place of the newest one, wherever this process loads it.
const require = createRequire(import.meta.url);
const oldest = require.resolve("dd-trace-oldest");
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
