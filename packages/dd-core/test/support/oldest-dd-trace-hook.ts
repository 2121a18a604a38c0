import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

// Puts the oldest supported dd-trace in the place of the newest one, wherever this process loads it.
const require = createRequire(import.meta.url);
const oldest = pathToFileURL(require.resolve("dd-trace-oldest")).href;
const newestEntry = /\/dd-trace@(?!6\.0\.0)[^/]+\/node_modules\/dd-trace\/index\.js$/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    return specifier === "dd-trace" || newestEntry.test(specifier)
      ? { url: oldest, shortCircuit: true, format: "commonjs" }
      : nextResolve(specifier, context);
  },
});
