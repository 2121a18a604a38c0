import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guardedContext } from "../src/guard/guarded-context.ts";
import { createFoundation, type SpanContext } from "../src/index.ts";
import { hostileValues, nameOf } from "./support/hostile-values.ts";

const { guard } = createFoundation({ service: "checkout" });
const ids = { traceId: "11", traceIdHex: "0".repeat(31).concat("b"), spanId: "22" };

describe("a context from another process", () => {
  test("stays the same object where there is nothing to hide", () => {
    const context: SpanContext = {
      ...ids,
      origin: "rum",
      traceState: [
        ["rojo", "00f067aa0ba902b7"],
        ["congo", "t61rcWkgMzE"],
        ["fw529a3039@dt", "FfGpXkAYuGd0gxMTg2NjY4MjE2MjMzOTk4NjI3"],
        ["190@nr", "0-0-709288-8599547-f85f42fd82a4cf1d-164d3b4b0d09cb05-1-0.789-1563574856827"],
        ["es", "s:0.5"],
      ],
      tags: {
        "_dd.p.tid": "640cfd8d00000000",
        "_dd.p.dm": "-4",
        "_dd.parent_id": "000000000000000b",
      },
      baggage: { region: "eu" },
    };

    expect(guardedContext(context, guard)).toBe(context);
    expect(guardedContext(ids, guard)).toBe(ids);
  });

  test("loses what is sensitive in every text of it, and nothing else; the original is not changed", () => {
    const context: SpanContext = Object.freeze({
      ...ids,
      origin: "ada@example.com",
      traceState: [
        ["vendor", "ada@example.com"],
        ["other", "1"],
        ["tenant@bob.example.com", "2"],
      ] as const,
      tags: Object.freeze({ "_dd.p.dm": "-4", "_dd.p.note": "ada@example.com" }),
      baggage: Object.freeze({
        region: "eu",
        mail: "ada@example.com",
        password: "hunter2",
        "bob@example.com": "1",
      }),
    });

    expect(guardedContext(context, guard)).toEqual({
      ...ids,
      origin: "[EMAIL_REDACTED]",
      traceState: [["other", "1"]],
      tags: { "_dd.p.dm": "-4", "_dd.p.note": "[EMAIL_REDACTED]" },
      baggage: {
        region: "eu",
        mail: "[EMAIL_REDACTED]",
        password: "[REDACTED]",
        "[EMAIL_REDACTED]": "1",
      },
    });
    expect(context.origin).toBe("ada@example.com");
  });

  test("loses what is no text where something is hidden, and the name of what is blocked stays", () => {
    const tags = { number: 7, "_dd.p.note": "ada@example.com" };

    expect(guardedContext({ ...ids, tags }, guard)).toEqual({
      ...ids,
      tags: { "_dd.p.note": "[EMAIL_REDACTED]" },
    });
    const odd = { ...ids, tags: { number: 7 } };
    expect(guardedContext(odd, guard)).toBe(odd);
  });

  test("whose other parts cannot be read is guarded all the same", () => {
    const context = Object.defineProperty({ ...ids, origin: "ada@example.com" }, "links", {
      enumerable: true,
      get() {
        throw new Error("getter");
      },
    });

    expect(guardedContext(context, guard)).toMatchObject({ ...ids, origin: "[EMAIL_REDACTED]" });
  });

  test("never holds an address afterwards, whatever is around it, and keeps its parts and their names", () => {
    const text = fc
      .tuple(fc.string(), fc.constantFrom("", "ada@example.com"), fc.string())
      .map((words) => words.join(" "));
    fc.assert(
      fc.property(text, fc.dictionary(fc.string(), text), (origin, texts) => {
        const traceState = Object.entries(texts);
        const context: SpanContext = { ...ids, origin, traceState, tags: texts, baggage: texts };
        const guarded = guardedContext(context, guard);

        expect(JSON.stringify(guarded)).not.toContain("ada@example.com");
        expect(Object.keys(guarded)).toEqual(Object.keys(context));
        expect(Object.keys(guarded.tags ?? {})).toEqual(Object.keys(texts));
        expect(Object.keys(guarded.baggage ?? {})).toEqual(Object.keys(texts));
      }),
      { numRuns: 200 },
    );
  });

  test.each(hostileValues.map((value) => [nameOf(value), () => value] as const))(
    "may have %s in place of every part",
    (_name, make) => {
      const value = make();
      const context = { ...ids, origin: value, traceState: value, tags: value, baggage: value };

      expect(() => guardedContext(context, guard)).not.toThrow();
    },
  );
});
