import { createRedactor, type Redactor } from "@llmdevops/dd-redaction";
import { describe, expect, test } from "vitest";
import { Diagnostics, silentLogger, TagGuard } from "../src/index.ts";

/** A redactor that tells of every text first. */
function watchedRedactor(onText: (text: string) => void): Redactor {
  const redactor = createRedactor();
  return {
    redact(text, target) {
      onText(text);
      return redactor.redact(text, target);
    },
    redactValue: (value, target) => redactor.redactValue(value, target),
    redactEntry: (key, value, target) => redactor.redactEntry(key, value, target),
    shouldBlock: (key) => redactor.shouldBlock(key),
    report: () => redactor.report(),
  };
}

/** A guard whose redactor fails at the texts that say so. */
function setUp() {
  const diagnostics = new Diagnostics(silentLogger, undefined);
  const redactor = watchedRedactor((text) => {
    if (text.includes("break")) throw new Error("redactor");
  });
  const guard = new TagGuard(redactor, diagnostics);
  const failures = () => diagnostics.counts()["tag_guard_failed"] ?? 0;
  return { guard, failures };
}

describe("each time that the redactor fails is counted once, and its text does not leave", () => {
  test.each<[string, (guard: TagGuard) => unknown]>([
    ["a value", (guard) => guard.value("note", "break")],
    ["a text", (guard) => guard.text("break")],
    ["a structure", (guard) => guard.structure("break")],
    ["a span's name", (guard) => guard.spanName("break")],
    ["a key", (guard) => guard.key("break")],
  ])("%s", (_what, run) => {
    const { guard, failures } = setUp();

    expect(run(guard)).toBe("[REDACTION_FAILED]");
    expect(failures()).toBe(1);
    expect(run(guard)).toBe("[REDACTION_FAILED]");
    expect(failures()).toBe(2);
  });
});

describe("the name of a span", () => {
  test.each(["mail ada@example.com", `${"x".repeat(300)} ada@example.com`])(
    "is redacted each time, also a second time: %s",
    (name) => {
      const { guard } = setUp();
      const first = guard.spanName(name);

      expect(first).not.toContain("ada@");
      expect(guard.spanName(name)).toBe(first);
      expect(guard.spanName("order.place")).toBe("order.place");
      expect(guard.spanName("order.place")).toBe("order.place");
    },
  );

  test("that was remembered as harmless is not looked at again, and 1,024 are", () => {
    let looks = 0;
    const redactor = watchedRedactor(() => {
      looks += 1;
    });
    const guard = new TagGuard(redactor, new Diagnostics(silentLogger, undefined));
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 1_025; index += 1) guard.spanName(`name ${index}`);
    }

    // The last one finds no room.
    expect(looks).toBe(1_026);
    for (let times = 0; times < 2; times += 1) guard.spanName("y".repeat(201));
    expect(looks).toBe(1_028);
  });
});

test("the texts of a tag that go to and fro are looked at once, also after many others that never come again", () => {
  const looks = new Map<string, number>();
  const redactor = watchedRedactor((text) => looks.set(text, (looks.get(text) ?? 0) + 1));
  const guard = new TagGuard(redactor, new Diagnostics(silentLogger, undefined));
  const span = { setTag: () => undefined };
  for (let run = 0; run < 100; run += 1) guard.setTag(span, "agent.run_id", `ended-${run}`);
  for (let times = 0; times < 10; times += 1) {
    for (let run = 0; run < 8; run += 1) guard.setTag(span, "agent.run_id", `open-${run}`);
  }

  const looked = Array.from({ length: 8 }, (_, run) => looks.get(`open-${run}`) ?? 0);
  expect(Math.max(...looked)).toBeLessThanOrEqual(2);
});
