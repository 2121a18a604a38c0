import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigurationError, type CoreOptions } from "../src/index.ts";
import {
  coreOptionNames,
  maskedName,
  nearestVariable,
  type OptionNames,
  pickOptions,
  readOptions,
  refusalText,
  refused,
  shown,
} from "../src/options.ts";

interface Example {
  readonly rate?: number;
  readonly names?: readonly string[];
  readonly section?: { readonly deep?: string };
  readonly hook?: () => void;
}
const names: OptionNames<Example> = {
  rate: "DD_RATE",
  names: ["list", true, "DD_NAMES"],
  section: { deep: "plain" },
  hook: true,
};
const read = (given: unknown) => readOptions<Example>(given, names);

test("a table that lacks an option, or has one too many, is refused by the compiler", () => {
  // @ts-expect-error: `hook` is missing.
  const incomplete: OptionNames<Example> = { rate: true, names: true, section: true };
  // @ts-expect-error: `rat` is no option.
  const excessive: OptionNames<Example> = { ...names, rat: true };

  expect([incomplete, excessive]).toHaveLength(2);
});

describe("options that are read", () => {
  test("are a copy that later changes do not reach, of which functions stay what they are", () => {
    const hook = () => {};
    const list = ["a"];
    const given = { rate: 1, names: list, section: { deep: "b" }, hook };
    const { options, unknown } = read(given);
    list.push("c");
    given.section.deep = "changed";
    given.rate = 2;

    expect(options).toEqual({ rate: 1, names: ["a"], section: { deep: "b" }, hook });
    expect(options.hook).toBe(hook);
    expect(unknown).toEqual([]);
  });

  test("may come from a class, by getters and from a prototype", () => {
    class Settings {
      get rate() {
        return 0.5;
      }
    }

    expect(read(new Settings()).options).toEqual({ rate: 0.5 });
    expect(read(Object.create({ rate: 0.5 })).options).toEqual({ rate: 0.5 });
  });

  test("call each getter once", () => {
    let calls = 0;
    read({
      get rate() {
        calls += 1;
        return 1;
      },
    });

    expect(calls).toBe(1);
  });

  test("of another table are left out where they are picked", () => {
    expect(pickOptions<object>({ service: "a", rate: 1 }, coreOptionNames)).toEqual({
      service: "a",
    });
  });

  test("whatever they are, are a copy or an error that is ours", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (given) => {
        for (const options of [given, { agent: given }, { tags: given }, { sampling: given }]) {
          try {
            expect(Array.isArray(readOptions<CoreOptions>(options, coreOptionNames).unknown)).toBe(
              true,
            );
          } catch (error) {
            expect(ConfigurationError.isInstance(error)).toBe(true);
          }
        }
      }),
    );
  });
});

describe("options of another shape", () => {
  test.each<[string, unknown, RegExp]>([
    ["no object", 5, /^The options must be an object\.$/],
    ["a list in place of a section", { section: [] }, /section must be an object, not an object/],
    ["a text in place of a list", { names: "a" }, /names must be a list, not "a".*DD_NAMES/],
    ["too long a list", { names: new Array(100_001) }, /names must be a list of at most 100000/],
  ])("such as %s are refused by name", (_title, given, message) => {
    expect(() => read(given)).toThrow(ConfigurationError);
    expect(() => read(given)).toThrow(message);
  });

  test("that cannot be read are refused with their variable, and without what was thrown", () => {
    const given = Object.defineProperty({}, "rate", {
      get: () => {
        throw new Error("sk-ant-secret");
      },
    });

    expect(() => read(given)).toThrow(
      "The setting rate cannot be read: its getter or proxy throws. Set the option rate to a plain value or set the variable DD_RATE, or leave it out for its default.",
    );
  });
});

describe("what is said of a value", () => {
  test("names option, value, variable and remedy", () => {
    const refusal = { option: "rate", expected: "a number", given: "x" };

    expect(refused({ ...refusal, variable: "DD_RATE" }).message).toBe(
      'The setting rate must be a number, not "x". Set the option rate or the variable DD_RATE.',
    );
    expect(refusalText(refusal)).toMatch(/to such a value or leave it out for its default\.$/);
    expect(refusalText({ ...refusal, isOptional: false })).toMatch(/to such a value\.$/);
  });

  test.each([
    "sk-ant-api03-secret",
    "sk-proj-abc",
    "my-secret-value",
    "password=hunter2",
    "0123456789abcdef0123456789abcdef",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "https://ada:hunter2hunter2@host/",
    `${"x".repeat(50)}sk-ant-api03-${"a1".repeat(40)}`,
  ])("shows nothing of %s", (secret) => {
    const parts = secret
      .split(/[^\w-]|x{50}/)
      .filter((part) => /secret|hunter|\d{4}|sk-/.test(part));

    for (const part of parts) expect(shown(secret)).not.toContain(part);
  });

  test("shows what helps", () => {
    expect(shown("datadoghq.eux")).toBe('"datadoghq.eux"');
    expect(shown("http://agent:port")).toBe('"http://agent:port"');
    expect(maskedName("prices.claude-sonnet-4-20250514.inputPerMillion")).toBe(
      "prices.claude-sonnet-4-20250514.inputPerMillion",
    );
  });

  test("is short and of one line for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        expect(shown(text).length).toBeLessThan(400);
        expect(shown(text)).not.toContain("\n");
        expect(maskedName(text)).not.toContain("\n");
      }),
    );
  });
});

test("a variable is like another only where little is different", () => {
  expect(nearestVariable("DD_SERVIC")).toBe("DD_SERVICE");
  expect(nearestVariable("DD_LLMDEVOPS_INTEGRATE")).toBe("DD_LLMDEVOPS_INTEGRATIONS");
  expect(nearestVariable("DD_EMV")).toBeUndefined();
  expect(nearestVariable("DD_PROFILING_ENABLED")).toBeUndefined();
});
