import { styleText } from "node:util";
import type { BenchmarkResults } from "./benchmark-results.ts";
import type { Target } from "./targets.ts";

/** How a target was met. */
export interface Verdict {
  readonly target: Target;
  readonly value: number | undefined;
  readonly verdict: "better" | "met" | "missed" | "not measured";
}

/** Compares what was measured with what it is held to. */
export function verdicts(targets: readonly Target[], results: BenchmarkResults): Verdict[] {
  return targets.map((target) => {
    const value = target.read(results);
    return { target, value, verdict: judge(target, value) };
  });
}

function judge({ gate, stretch, isMoreBetter }: Target, value: number | undefined) {
  if (value === undefined || Number.isNaN(value)) return "not measured";
  const keeps = (bound: number) => (isMoreBetter ? value >= bound : value <= bound);
  if (stretch !== undefined && keeps(stretch)) return "better";
  return keeps(gate) ? "met" : "missed";
}

/** A number as short as it can be said without losing what matters. */
export function shortNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(Math.abs(value) < 0.1 ? 2 : 3);
}

const colours = { better: "green", met: "green", missed: "red", "not measured": "gray" } as const;

/** The verdicts as a table for a terminal. */
export function terminalTable(all: readonly Verdict[]): string {
  const lines = all.map(({ target, value, verdict }) =>
    [
      target.operation.padEnd(48),
      target.peer.padEnd(32),
      (value === undefined ? "–" : shortNumber(value)).padStart(8),
      `${target.isMoreBetter ? "≥" : "≤"} ${shortNumber(target.gate)} ${target.unit}`.padStart(16),
      ` ${styleText(colours[verdict], verdict)}`,
    ].join(" "),
  );
  const header = [
    "operation".padEnd(48),
    "beside".padEnd(32),
    "measured".padStart(8),
    "target".padStart(16),
  ].join(" ");
  return `${styleText("bold", header)}\n${lines.join("\n")}\n`;
}
