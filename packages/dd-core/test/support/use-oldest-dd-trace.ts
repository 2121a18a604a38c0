import "./oldest-dd-trace-hook.ts";
import { createRequire } from "node:module";
import { afterAll, expect } from "vitest";
import { argumentsOfChildren, lastJson, runModule } from "./child-process.ts";

// A test file that imports this first, and then another test file, repeats that one on the oldest dd-trace.
argumentsOfChildren.push(`--import=${new URL("./oldest-dd-trace-hook.ts", import.meta.url).href}`);

/** The versions of dd-trace that a process has loaded; also run, as text, in a child. */
function loadedVersions(require: NodeJS.Require): string[] {
  require("dd-trace");
  const versions = Object.keys(require.cache).flatMap(
    (path) => /\/dd-trace@([^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(versions)];
}

afterAll(async () => {
  const child = await runModule(
    `const { createRequire } = await import("node:module");
    const versions = (${loadedVersions})(createRequire(process.cwd() + "/"));
    process.stdout.write(JSON.stringify(versions));`,
  );
  const here = loadedVersions(createRequire(import.meta.url));
  expect({ here, child: lastJson(child) }).toEqual({ here: ["6.0.0"], child: ["6.0.0"] });
});
