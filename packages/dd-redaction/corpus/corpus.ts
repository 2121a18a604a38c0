import { readFileSync } from "node:fs";
import type { RedactionPreset } from "@llmdevops/dd-redaction";
import { fillPlaceholders } from "./fake-values.ts";

/** A range of a text that a rule has to find. */
export interface ExpectedRange {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

/** One line of the corpus with what has to be found in it. */
export interface CorpusLine {
  readonly file: string;
  readonly number: number;
  readonly preset: RedactionPreset;
  readonly text: string;
  readonly expected: readonly ExpectedRange[];
}

const files: readonly (readonly [name: string, preset: RedactionPreset])[] = [
  ["hits.txt", "default"],
  ["hits-hipaa.txt", "hipaa"],
  ["look-alikes.txt", "default"],
];

/** Marks what has to be found: `«rule|value»`. */
const mark = /«(\w+)\|([^»]*)»/g;

/** Reads the corpus files beside this module. */
export function loadCorpus(): CorpusLine[] {
  return files.flatMap(([file, preset]) =>
    readFileSync(new URL(file, import.meta.url), "utf8")
      .split("\n")
      .map((line, index) => ({ line, number: index + 1 }))
      .filter(({ line }) => line !== "")
      .map(({ line, number }) => ({
        file,
        number,
        preset,
        ...parseLine(fillPlaceholders(line, number)),
      })),
  );
}

function parseLine(line: string): { text: string; expected: ExpectedRange[] } {
  const expected: ExpectedRange[] = [];
  let text = "";
  let from = 0;
  for (const found of line.matchAll(mark)) {
    text += line.slice(from, found.index);
    const value = found[2] ?? "";
    expected.push({ rule: found[1] ?? "", start: text.length, end: text.length + value.length });
    text += value;
    from = found.index + found[0].length;
  }
  return { text: text + line.slice(from), expected };
}
