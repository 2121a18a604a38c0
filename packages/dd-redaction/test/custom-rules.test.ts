import { describe, expect, it, vi } from "vitest";
import { findPatternProblem } from "../src/backtracking/check-pattern.ts";
import { createRedactor, RedactionConfigurationError } from "../src/index.ts";

describe("custom rules", () => {
  it("replaces what a pattern matches, with any flags", () => {
    const own = createRedactor({ customRules: [{ name: "customer", pattern: /cust-\d{6}/iy }] });

    expect(own.redact("CUST-123456 and cust-654321")).toBe(
      "[CUSTOMER_REDACTED] and [CUSTOMER_REDACTED]",
    );
    expect(own.report().rules).toEqual({ customer: 2 });
  });

  it("replaces whole words in any case, the longer first", () => {
    const own = createRedactor({
      customRules: [{ name: "project", words: ["Apollo", "Apollo 11", "C++", "X-15/a"] }],
    });

    expect(own.redact("apollo 11, Apollonia, APOLLO. In C++ on X-15/a!")).toBe(
      "[PROJECT_REDACTED], Apollonia, [PROJECT_REDACTED]. In [PROJECT_REDACTED] on [PROJECT_REDACTED]!",
    );
  });

  it("replaces the ranges a function returns", () => {
    const own = createRedactor({
      customRules: [
        {
          name: "brackets",
          label: "[X]",
          find: (text) => [{ start: text.indexOf("<"), end: text.indexOf(">") + 1 }],
        },
      ],
    });

    expect(own.redact("a <b> c")).toBe("a [X] c");
  });

  it("sees texts that are shorter than any built-in match", () => {
    const own = createRedactor({ customRules: [{ name: "short", words: ["ab"] }] });

    expect(own.redact("ab")).toBe("[SHORT_REDACTED]");
  });

  it("names what a built-in rule matches as well", () => {
    const own = createRedactor({
      customRules: [{ name: "staff", pattern: /\w{1,20}@acme\.example/ }],
    });

    expect(own.redact("ada@acme.example")).toBe("[STAFF_REDACTED]");
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("bug");
      },
    ],
    ["returns a range outside the text", () => [{ start: 0, end: 1e9 }]],
    ["returns no integers", () => [{ start: 0.5, end: 1 }]],
    ["returns what is no iterable", () => 7 as unknown as []],
    ["returns a range backwards", () => [{ start: 3, end: 1 }]],
  ])("fails closed when a function %s", (_, find) => {
    const own = createRedactor({ customRules: [{ name: "broken", find }] });

    expect(own.redact("ada@example.com")).toBe("[REDACTION_FAILED]");
    expect(own.redactValue({ a: ["some text"] })).toEqual({
      "[REDACTION_FAILED]": ["[REDACTION_FAILED]"],
    });
    expect(own.report().failures).toEqual({ broken: 3 });
  });

  it("fails closed when a rule takes longer than its budget", () => {
    vi.useFakeTimers();
    const find = (): [] => {
      vi.advanceTimersByTime(51);
      return [];
    };
    const own = createRedactor({ customRules: [{ name: "slow", find }] });

    expect(own.redact("some text")).toBe("[REDACTION_FAILED]");
    expect(
      createRedactor({ customRules: [{ name: "slow", find }], customRuleBudgetMs: 60 }).redact(
        "some text",
      ),
    ).toBe("some text");
    vi.useRealTimers();
  });

  it("stops a function that never stops returning ranges", () => {
    vi.useFakeTimers();
    const own = createRedactor({
      customRules: [
        {
          name: "endless",
          *find() {
            for (;;) {
              vi.advanceTimersByTime(1);
              yield { start: 0, end: 1 };
            }
          },
        },
      ],
    });

    expect(own.redact("some text")).toBe("[REDACTION_FAILED]");
    vi.useRealTimers();
  });

  it.each([
    ["no matcher", { name: "a" }],
    ["two matchers", { name: "a", words: ["x"], pattern: /x/ }],
    ["no words", { name: "a", words: [] }],
    ["an empty word", { name: "a", words: [" "] }],
    ["a name in another form", { name: "A-1", words: ["x"] }],
    ["the name of a built-in rule", { name: "email", words: ["x"] }],
    ["a pattern that is text", { name: "a", pattern: "x" as unknown as RegExp }],
  ])("refuses a rule with %s", (_, rule) => {
    expect(() => createRedactor({ customRules: [rule] })).toThrow(RedactionConfigurationError);
  });

  it("refuses two rules of one name", () => {
    const rule = { name: "a", words: ["x"] };

    expect(() => createRedactor({ customRules: [rule, rule] })).toThrow(/two rules named a/);
  });

  it("refuses a pattern that could backtrack catastrophically and says why", () => {
    expect(() =>
      createRedactor({ customRules: [{ name: "mail", pattern: /(\w+\s?)*@/ }] }),
    ).toThrow(/the pattern of mail could take exponential time/);
  });
});

describe("findPatternProblem", () => {
  it.each([
    /(a+)+$/,
    /(a*)*b/,
    /(a|a)*b/,
    /(a|ab?)*b$/,
    /(\w+\s?)*$/,
    /^(([a-z])+.)+[A-Z]([a-z])+$/,
    /(?:\w{1,10}){1,10}x/,
    /([^"\\]|\\.|[^"])*"/,
  ])("finds exponential time in %s", (pattern) => {
    expect(findPatternProblem(pattern)).toMatch(/exponential/);
  });

  it.each([
    /.*.*=/,
    /\d+\d+x/,
    /a*b?a*c/,
    /\w+@/,
    /[\w.%+-]+@[\w.-]+\.[A-Za-z]{2,}/,
    /(?:\d{3}-)+\d/,
    /\b[\w.]+@/,
    /x*y/i,
    /[\s\S]{0,5000}z/,
  ])("finds quadratic time in %s", (pattern) => {
    expect(findPatternProblem(pattern)).toMatch(/quadratic/);
  });

  it.each([
    [/(a)\1/, /reference/],
    [/(?<n>a)\k<n>/, /reference/],
    [/a(?=.*b)/, /look-around/],
    [new RegExp(["[a--b]"].join(), "v"), /flag v/],
    [new RegExp(`(?:${"ab?".repeat(300)})x`), /size/],
  ])("cannot judge %s", (pattern, reason) => {
    expect(findPatternProblem(pattern)).toMatch(reason);
  });

  it.each([
    /CUST-\d{6}/,
    /\b[A-Z]{3}-\d{4,8}\b/,
    /foo\w*/,
    /(?<!\w)\w+@/,
    /(?<=\s)\S+x/,
    /\b\w+@/,
    /EMP\d+/i,
    /(?:foo|bar|baz){1,3}/u,
    /"key":"[^"]*"/,
    /(?<![\w.])[\w.]{1,64}@acme\.com/,
    /\p{Lu}{2}\d{7}/u,
    /(?:[a-z]{1,20}\.){1,10}internal/,
    /[\x41-\x5a\u00e9\cA\b\-\]]{2}/,
    /\u{1F600}a?/u,
    /^$/,
    /a{0}b/,
    /(?!x)y/,
    /(?<year>\d{4})-\d\d/,
    /[^\d\s]\D\W\S./s,
  ])("accepts %s", (pattern) => {
    expect(findPatternProblem(pattern)).toBe(undefined);
  });
});
