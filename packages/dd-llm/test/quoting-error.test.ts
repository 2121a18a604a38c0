import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyLLMError } from "../src/errors/error-class.ts";
import { withoutQuotation } from "../src/errors/quoting-error.ts";

/** An error as a library makes it, whose stack begins with its message. */
function named(name: string, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return Object.assign(error, { stack: `${name}: ${message}\n    at answer (/app/desk.js:7:1)` });
}

/** Everything that an error says, its causes included. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : told(error.cause);
  return [error.name, error.message, error.stack, cause].join("\n");
}

describe("an error that quotes what was said", () => {
  test("keeps its name and the places in its stack, and loses what it quotes", () => {
    const error = withoutQuotation(named("AI_JSONParseError", "Text: the bird\nsings."));

    expect(told(error)).not.toMatch(/bird|sings/);
    expect(error).toMatchObject({ name: "AI_JSONParseError" });
    expect(told(error)).toContain("    at answer (/app/desk.js:7:1)");
  });

  test("loses it in its causes, and in messages that pass a cause's on", () => {
    const parse = named("SyntaxError", `Unexpected token 'b', "bird" is not valid JSON`);
    const invalid = named("AI_NoObjectGeneratedError", "No object generated.", parse);
    const retry = named("AI_RetryError", `Failed: ${parse.message}`, parse);

    expect(told(withoutQuotation(invalid))).not.toContain("bird");
    expect(told(withoutQuotation(invalid))).toContain("No object generated.");
    expect(told(withoutQuotation(retry))).not.toContain("bird");
  });

  test("is of the same class as before, and is itself not changed", () => {
    const error = Object.assign(named("AI_TypeValidationError", "Value: bird"), { status: 429 });
    const before = told(error);

    expect(classifyLLMError(withoutQuotation(error))).toBe(classifyLLMError(error));
    expect(told(error)).toBe(before);
  });
});

test("any other error is passed on as it is", () => {
  for (const error of [named("TypeError", "terminated"), new SyntaxError("x"), "text", null, 7]) {
    expect(withoutQuotation(error)).toBe(error);
  }
});

test("what refuses to be read says nothing", () => {
  const hostile = new Proxy(new Error("bird"), {
    get() {
      throw new Error("bird");
    },
  });

  expect(told(withoutQuotation(hostile))).not.toContain("bird");
});

test("nothing of a quotation survives, however deep it stands and whatever it is", () => {
  const names = fc.constantFrom("AI_JSONParseError", "OutputParserException", "Error", "TypeError");
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), fc.string(), (chain, text) => {
      // A line of the quotation looks like a place in the code.
      const quotation = `<${text}>\n    at home (${text}:1:1)`;
      const error = chain.reduce<Error | undefined>((cause, name) => {
        const isQuoting = name !== "Error" && name !== "TypeError";
        return named(name, isQuoting ? `It was ${quotation}.` : "It failed.", cause);
      }, undefined);

      const shown = told(withoutQuotation(error));
      expect(shown).not.toContain(`<${text}>`);
      expect(shown).not.toContain("at home");
    }),
  );
});
