import { expect, test } from "vitest";
import { runModule } from "./support/child-process.ts";

test("importing the package loads neither dd-trace nor anything else that it might not need", async () => {
  const { output, errors, status } = await runModule(
    `await import("@llmdevops/dd-core");
    const { createRequire } = await import("node:module");
    process.stdout.write(String(Object.keys(createRequire("/").cache).length));`,
  );

  expect({ output, errors, status }).toEqual({ output: "0", errors: "", status: 0 });
});
