import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createRedactor, createStreamRedactor, serialize } from "@llmdevops/dd-redaction";
import { adversarialTexts } from "./adversarial.ts";
import { type Contender, compare, median, type Timing, threadNanoseconds } from "./measure.ts";
import {
  redactPathsWithFastRedact,
  redactPathsWithPinoRedact,
  redactWithDeepRedact,
} from "./peers.ts";
import { redactWithSixRules } from "./six-rules.ts";
import { digitHeavyJson, prose } from "./texts.ts";

/** One comparison: the first contender is the baseline. */
interface Comparison {
  readonly name: string;
  /** Bytes per call, for the rate; 0 where a rate says nothing. */
  readonly bytes: number;
  readonly contenders: readonly Contender[];
}

const redactor = createRedactor();
/** Without memory: every text counts as new. */
const forgetful = createRedactor({ memo: false });

function texts(): Comparison[] {
  const cases: (readonly [string, string])[] = [1, 10, 100].flatMap((kilobytes) => [
    [`prose ${kilobytes} KB, 1 hit/KB`, prose(kilobytes * 1024, 1)] as const,
    [`prose ${kilobytes} KB, no hit`, prose(kilobytes * 1024, 0)] as const,
    [`JSON ${kilobytes} KB, digit-heavy`, digitHeavyJson(kilobytes * 1024)] as const,
  ]);
  return cases.map(([name, text]) => ({
    name,
    bytes: text.length,
    contenders: [
      { name: "six sequential rules", run: () => redactWithSixRules(text) },
      { name: "dd-redaction", run: () => forgetful.redact(text) },
      { name: "@hackylabs/deep-redact", run: () => redactWithDeepRedact(text) },
    ],
  }));
}

function history(): Comparison {
  const messages = Array.from({ length: 20 }, (_, index) => prose(5120 + index, 1));
  return {
    name: "history of 20 messages, 100 KB, sent again",
    bytes: messages.join("").length,
    contenders: [
      { name: "six sequential rules", run: () => messages.map(redactWithSixRules) },
      { name: "dd-redaction", run: () => messages.map((message) => redactor.redact(message)) },
    ],
  };
}

function stream(): Comparison {
  const text = prose(20_480, 1);
  const chunks = text.match(/[\s\S]{1,12}/g) ?? [];
  return {
    name: "stream of 20 KB in chunks of 12 characters",
    bytes: text.length,
    contenders: [
      { name: "six rules on every chunk", run: () => chunks.map(redactWithSixRules).join("") },
      {
        name: "dd-redaction stream",
        run: () => {
          const redaction = createStreamRedactor({ redactor: forgetful });
          return chunks.map((chunk) => redaction.push(chunk)).join("") + redaction.end();
        },
      },
    ],
  };
}

function objects(): Comparison {
  const value = {
    user: { id: "u-17", name: "Ada", password: "hunter2" },
    headers: { authorization: "Bearer abcdef0123456789", cookie: "a=b", accept: "*/*" },
    request: { model: "gpt-5", temperature: 0.2, messages: ["hello", "world"] },
  };
  return {
    name: "object with 3 secrets to JSON text",
    bytes: 0,
    contenders: [
      { name: "@pinojs/redact, 3 paths", run: () => redactPathsWithPinoRedact(value) },
      { name: "fast-redact, 3 paths", run: () => redactPathsWithFastRedact(value) },
      { name: "dd-redaction, all rules", run: () => serialize(redactor.redactValue(value)) },
    ],
  };
}

function tags(): Comparison {
  const entries = [
    ["llm.provider", "anthropic"],
    ["llm.model", "claude-sonnet-4-20250514"],
    ["llm.request_type", "chat"],
    ["env", "production"],
  ] as const;
  const guard = (redact: (text: string) => string, blocks: (key: string) => boolean): number => {
    let length = 0;
    for (const [key, value] of entries) if (!blocks(key)) length += redact(value).length;
    return length;
  };
  const blocked = /password|secret|token|key|credential|auth/i;
  return {
    name: "4 tags: keys and values",
    bytes: 0,
    contenders: [
      {
        name: "six rules and key patterns",
        run: () => guard(redactWithSixRules, (key) => blocked.test(key)),
      },
      {
        name: "dd-redaction",
        run: () =>
          guard(
            (text) => redactor.redact(text),
            (key) => redactor.shouldBlock(key),
          ),
      },
    ],
  };
}

/** Milliseconds of processor time, median of a few runs. */
function milliseconds(text: string): number {
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    const start = threadNanoseconds();
    forgetful.redact(text);
    times.push((threadNanoseconds() - start) / 1e6);
  }
  return median(times);
}

function hostile(): { name: string; ms10KB: number; ms100KB: number; ms1MB: number }[] {
  const small = adversarialTexts(10_240);
  const large = adversarialTexts(1_048_576);
  return [...adversarialTexts(102_400)].map(([name, text]) => ({
    name,
    ms10KB: milliseconds(small.get(name) ?? ""),
    ms100KB: milliseconds(text),
    ms1MB: milliseconds(large.get(name) ?? ""),
  }));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printTiming({ name, nanoseconds, speedup }: Timing, bytes: number): void {
  const rate = bytes === 0 ? "" : `${((bytes / nanoseconds) * 1000).toFixed(0)} MB/s`;
  const time =
    nanoseconds < 1e4 ? `${nanoseconds.toFixed(0)} ns` : `${(nanoseconds / 1e3).toFixed(1)} us`;
  print(
    `  ${name.padEnd(28)} ${time.padStart(12)} ${rate.padStart(14)} ${`${speedup.toFixed(2)} x`.padStart(12)}`,
  );
}

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    rounds: { type: "string", default: "11" },
  },
});
const results: { name: string; bytes: number; timings: Timing[] }[] = [];
for (const { name, bytes, contenders } of [...texts(), history(), stream(), objects(), tags()]) {
  const timings = compare(contenders, values.quick ? 2 : Number(values.rounds));
  results.push({ name, bytes, timings });
  print(name);
  for (const timing of timings) printTiming(timing, bytes);
}
print("\nhostile input: milliseconds for 10 KB, 100 KB, 1 MB");
const adversarial = hostile();
for (const { name, ms10KB, ms100KB, ms1MB } of adversarial) {
  print(
    `  ${name.padEnd(28)} ${ms10KB.toFixed(2).padStart(8)} ${ms100KB.toFixed(2).padStart(8)} ${ms1MB.toFixed(1).padStart(8)}`,
  );
}
if (values.json !== undefined) {
  const node = process.version;
  writeFileSync(values.json, `${JSON.stringify({ node, results, adversarial }, null, 2)}\n`);
}
