import { expect, test } from "vitest";
import { DropReports } from "../../src/agent-link/drop-reports.ts";

function setUp() {
  let time = 1_000;
  const reports = new DropReports(() => time);
  const wait = (milliseconds: number) => {
    time += milliseconds;
  };
  return { reports, wait };
}

test("the first drop of a cause is said at once, later ones together once a minute, and none is left out", () => {
  const { reports, wait } = setUp();

  const note = (items: number) => reports.note("traces", "buffer_full", items)?.message;

  expect(note(3)).toBe("3 items of traces could not be kept or delivered: buffer_full.");
  for (let times = 0; times < 59; times += 1) {
    wait(1_000);
    expect(note(2)).toBeUndefined();
  }
  wait(1_000);
  expect(note(5)).toBe(
    "123 items of traces could not be kept or delivered in the last 60 s: buffer_full.",
  );
  expect(note(1)).toBeUndefined();
  wait(90_000);
  expect(note(1)).toBe(
    "2 items of traces could not be kept or delivered in the last 90 s: buffer_full.",
  );
});

test("each kind and each reason is said on its own", () => {
  const { reports } = setUp();

  expect(reports.note("traces", "buffer_full", 1)).toBeDefined();
  expect(reports.note("llmobs", "buffer_full", 1)).toBeDefined();
  expect(reports.note("traces", "status_413", 1)).toBeDefined();
  expect(reports.note("traces", "status_413", 1)).toBeUndefined();
});

test("of more than 64 causes the further ones are only counted by the link", () => {
  const { reports } = setUp();
  for (let status = 0; status < 64; status += 1) {
    expect(reports.note("traces", `status_${status}`, 1)).toBeDefined();
  }

  expect(reports.note("traces", "status_64", 1)).toBeUndefined();
});
