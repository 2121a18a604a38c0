import { expect, test } from "vitest";
import { readingOptions } from "../src/check-options.ts";

const fails = () => {
  throw new TypeError("Map.groupBy is not a function");
};

test("an engine that is too old is told from options that cannot be read", () => {
  expect(() => readingOptions({ preset: "strict" }, fails)).toThrow(
    `The redactor cannot be made, though its options can be read. It takes Node.js 22.12 or later, and this is Node.js ${process.version}.`,
  );
});

test("an option that throws the same error is named, and its words are not told", () => {
  const options = Object.defineProperty({}, "rules", { get: fails, enumerable: true });
  expect(() => readingOptions(options, () => Reflect.get(options, "rules"))).toThrow(
    "The options cannot be read: a getter or proxy throws under rules. Set the option to a plain value, or leave it out for its default.",
  );
});
