import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LLMSpan } from "../src/index.ts";
import { decodedText } from "./recordings/event-stream-text.ts";
import {
  numbersIn,
  type ProviderNumbers,
  type PublishedCost,
  publishedCost,
} from "./recordings/provider-numbers.ts";
import { areRecordingsPresent, type Recording, recordingsOf } from "./recordings/recordings.ts";
import { modelOf, ReplayServer } from "./recordings/replay.ts";
import { testClient } from "./support/clients.ts";

const providers: readonly (readonly [folder: string, provider: string])[] = [
  ["openai", "openai"],
  ["deepseek", "deepseek"],
  ["anthropic", "anthropic"],
  ["claude-agent-sdk", "anthropic"],
  ["genai", "google"],
  ["bedrock-runtime", "bedrock"],
];

let server: ReplayServer;

beforeAll(async () => {
  server = await ReplayServer.start();
});

afterAll(async () => {
  await server.stop();
});

const reason = "needs the recorded exchanges in ../shared/recordings";

describe.skipIf(!areRecordingsPresent)(`every recorded exchange (${reason})`, () => {
  for (const [folder, provider] of providers) {
    describe(folder, () => {
      const rows: string[] = [];

      test.for(recordingsOf(folder).map((recording) => [recording.name, recording] as const))(
        "%s has the provider's own usage and its published cost",
        async ([, recording]) => {
          const span = await replay(recording, provider);

          const expected = recording.status === 200 ? numbersIn(decodedText(recording)) : {};
          expect(bucketsOf(span)).toEqual(withoutUnknown(expected));
          const cost = publishedCost(
            String(span.getTag("llm.response_model") ?? modelOf(recording)),
            expected,
          );
          if (cost !== undefined) expectCost(span, cost);
          expect(span.getTag("error.type")).toBe(
            recording.status === 200 ? undefined : "authentication",
          );
          rows.push(rowOf(recording, span));
        },
      );

      afterAll(() => {
        process.stdout.write(`\n${provider} (${folder})\n${header}\n${rows.sort().join("\n")}\n`);
      });
    });
  }
});

async function replay(recording: Recording, provider: string): Promise<LLMSpan> {
  const { llm } = testClient();
  const span = llm.startLLMSpan("llm.request", {
    provider,
    model: modelOf(recording),
    requestType: recording.url.pathname.toLowerCase().includes("embed") ? "embed" : "chat",
    startTime: recording.time,
  });
  try {
    await server.replay(recording, span);
  } catch (thrown) {
    span.setError(thrown);
  }
  if (!span.finished) span.finish();
  return span;
}

function bucketsOf(span: LLMSpan): ProviderNumbers {
  const tag = (name: string) => span.getTag(`llm.${name}`) as number | undefined;
  const input = tag("input_tokens");
  const cacheRead = tag("cache_read_input_tokens");
  const cacheWrite = tag("cache_write_input_tokens");
  return withoutUnknown({
    uncachedInput: input === undefined ? undefined : input - (cacheRead ?? 0) - (cacheWrite ?? 0),
    cacheRead,
    cacheWrite,
    output: tag("output_tokens"),
    reasoning: tag("reasoning_tokens"),
  });
}

function expectCost(span: LLMSpan, expected: PublishedCost): void {
  const { uncachedInput, cacheRead, cacheWrite, output } = expected;
  const found = (name: string) => Number(span.getTag(`llm.cost.${name}_usd`) ?? 0);
  const input = uncachedInput + cacheRead + cacheWrite;
  expect(found("input")).toBeCloseTo(input, 9);
  expect(found("cache_read_input")).toBeCloseTo(cacheRead, 9);
  expect(found("cache_write_input")).toBeCloseTo(cacheWrite, 9);
  expect(found("output")).toBeCloseTo(output, 9);
  expect(found("total")).toBeCloseTo(input + output, 9);
}

function withoutUnknown(
  numbers: Record<string, number | undefined> | ProviderNumbers,
): ProviderNumbers {
  return Object.fromEntries(
    Object.entries(numbers).filter(([key, value]) => value !== undefined && key !== "cacheWrite1h"),
  );
}

const columns = [8, 46, 9, 8, 8, 8, 8, 12, 12, 12, 12] as const;
const header = line([
  "exchange",
  "model",
  "uncached",
  "read",
  "write",
  "output",
  "reason.",
  "input USD",
  "read USD",
  "write USD",
  "output USD",
  "total USD",
]);

function rowOf(recording: Recording, span: LLMSpan): string {
  const { uncachedInput, cacheRead, cacheWrite, output, reasoning } = bucketsOf(span);
  const costs = ["input", "cache_read_input", "cache_write_input", "output", "total"];
  return line([
    recording.name,
    modelOf(recording),
    uncachedInput,
    cacheRead,
    cacheWrite,
    output,
    reasoning,
    ...costs.map((name) => span.getTag(`llm.cost.${name}_usd`)),
  ]);
}

function line(cells: readonly unknown[]): string {
  return cells.map((cell, column) => String(cell ?? "-").padEnd(columns[column] ?? 0)).join(" ");
}
