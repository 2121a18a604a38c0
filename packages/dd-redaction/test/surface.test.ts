import { expect, it } from "vitest";
import * as surface from "../src/index.ts";

it("exports these names", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "RedactionConfigurationError",
      "builtInRuleNames",
      "createRedactor",
      "createStreamRedactor",
      "redactorOptionNames",
      "serialize",
      "truncate",
    ]
  `);
});
