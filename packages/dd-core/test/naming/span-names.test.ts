import { describe, expect, test } from "vitest";
import { Diagnostics } from "../../src/diagnostics/diagnostics.ts";
import { SpanNames } from "../../src/naming/span-names.ts";
import { recordingLogger } from "../support/recording-logger.ts";

function setUp() {
  const logger = recordingLogger();
  const diagnostics = new Diagnostics(logger, undefined);
  return { names: new SpanNames(diagnostics), lines: logger.lines, diagnostics };
}

describe.each(["operation", "resource"] as const)("names of the kind %s", (kind) => {
  test("with values in them are counted once each, and warned of once, without the value", () => {
    const { names, lines, diagnostics } = setUp();
    for (const name of ["GET /users/42", "GET /users/42", "GET /users/43", "fixed"]) {
      names.note(kind, name);
    }

    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^WARN The ${kind} name "GET /users/\\?" holds a number.*put what differs into tags`,
        ),
      ),
    ]);
    expect(diagnostics.counts()).toEqual({ [`dynamic_${kind}_name`]: 2 });
  });

  test("are looked at up to 1,024 different ones; that there are more is said once", () => {
    const { names, lines, diagnostics } = setUp();
    const word = (index: number) =>
      index.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[+digit] ?? "");
    for (let index = 0; index < 1_024; index += 1) names.note(kind, `name ${word(index)}`);
    names.note(kind, "name q");
    expect(lines).toEqual([]);

    for (let index = 1_024; index < 3_000; index += 1) names.note(kind, `name ${word(index)}`);
    names.note(kind, "GET /users/42");

    expect(lines).toEqual([expect.stringMatching(`More than 1024 different ${kind} names`)]);
    expect(diagnostics.counts()).toEqual({});
  });

  test("that are very long are looked at and not kept", () => {
    const { names, diagnostics } = setUp();
    const long = `GET /users/42/${"x".repeat(1_000)}`;
    names.note(kind, long);
    names.note(kind, long);

    expect(diagnostics.counts()).toEqual({ [`dynamic_${kind}_name`]: 2 });
  });
});

test("a resource's remedy names the helper, an operation's does not", () => {
  const { names, lines } = setUp();
  names.note("operation", "user.42/7");
  names.note("resource", "user.42/7");

  expect(lines.map((line) => line.includes("httpResource"))).toEqual([false, true]);
});

describe("the services that were called", () => {
  test("are each named once, in order", () => {
    const { names } = setUp();
    for (const name of ["stock", "payments", "stock"]) names.noteDependency(name);

    expect(names.dependencies()).toEqual(["payments", "stock"]);
  });

  test("are 256 at most; further ones are counted", () => {
    const { names, diagnostics } = setUp();
    for (let index = 0; index < 300; index += 1) names.noteDependency(`service ${index}`);
    names.noteDependency("x".repeat(10_000));

    expect(names.dependencies()).toHaveLength(256);
    expect(diagnostics.counts()).toEqual({ dependencies_over_limit: 45 });
    names.noteDependency("service 0");
    expect(diagnostics.counts()).toEqual({ dependencies_over_limit: 45 });
  });
});
