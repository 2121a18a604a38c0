import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CostCalculator } from "../src/cost/cost-calculator.ts";
import { normalizeUsage } from "../src/index.ts";
import { type TokenBuckets, tokenBuckets } from "../src/usage/token-buckets.ts";
import { testFoundation } from "./support/foundation.ts";

const count = fc.nat(2_000_000);

/** What really happened in a call, in parts that cannot overlap. */
interface Truth {
  readonly text: number;
  readonly audio: number;
  readonly image: number;
  readonly read: number;
  readonly readAudio: number;
  readonly written: number;
  readonly writtenForHour: number;
  readonly answer: number;
  readonly reasoning: number;
  readonly spoken: number;
}

const truths: fc.Arbitrary<Truth> = fc.record({
  text: count,
  audio: count,
  image: count,
  read: count,
  readAudio: count,
  written: count,
  writtenForHour: count,
  answer: count,
  reasoning: count,
  spoken: count,
});

interface ProviderForm {
  readonly name: string;
  /** What the provider can tell at all; the rest did not happen. */
  readonly knows: readonly (keyof Truth)[];
  readonly usage: (truth: Truth) => object;
}

const sum = (parts: object): number =>
  Object.values(parts).reduce((left: number, right: unknown) => left + Number(right), 0);
const inputOf = ({ answer, reasoning, spoken, ...input }: Truth) => sum(input);
const outputOf = ({ answer, reasoning, spoken }: Truth) => answer + reasoning + spoken;
const readOf = ({ read, readAudio }: Truth) => read + readAudio;
const writtenOf = ({ written, writtenForHour }: Truth) => written + writtenForHour;
const cacheKnown = ["text", "read", "written", "answer", "reasoning"] as const;

const forms: readonly ProviderForm[] = [
  {
    name: "Anthropic",
    knows: [...cacheKnown, "writtenForHour"],
    usage: (truth) => ({
      input_tokens: truth.text,
      cache_read_input_tokens: truth.read,
      cache_creation_input_tokens: writtenOf(truth),
      cache_creation: {
        ephemeral_5m_input_tokens: truth.written,
        ephemeral_1h_input_tokens: truth.writtenForHour,
      },
      output_tokens: outputOf(truth),
      output_tokens_details: { thinking_tokens: truth.reasoning },
    }),
  },
  {
    name: "OpenAI Chat",
    knows: [...cacheKnown, "audio", "spoken"],
    usage: (truth) => ({
      prompt_tokens: inputOf(truth),
      completion_tokens: outputOf(truth),
      total_tokens: inputOf(truth) + outputOf(truth),
      prompt_tokens_details: {
        cached_tokens: truth.read,
        cache_write_tokens: truth.written,
        audio_tokens: truth.audio,
      },
      completion_tokens_details: {
        reasoning_tokens: truth.reasoning,
        audio_tokens: truth.spoken,
      },
    }),
  },
  {
    name: "OpenAI Responses",
    knows: cacheKnown,
    usage: (truth) => ({
      input_tokens: inputOf(truth),
      output_tokens: outputOf(truth),
      total_tokens: inputOf(truth) + outputOf(truth),
      input_tokens_details: { cached_tokens: truth.read, cache_write_tokens: truth.written },
      output_tokens_details: { reasoning_tokens: truth.reasoning },
    }),
  },
  {
    name: "OpenAI images",
    knows: ["text", "image", "answer"],
    usage: (truth) => ({
      input_tokens: inputOf(truth),
      output_tokens: outputOf(truth),
      total_tokens: inputOf(truth) + outputOf(truth),
      input_tokens_details: { text_tokens: truth.text, image_tokens: truth.image },
    }),
  },
  {
    name: "DeepSeek",
    knows: ["text", "read", "answer", "reasoning"],
    usage: (truth) => ({
      prompt_tokens: inputOf(truth),
      completion_tokens: outputOf(truth),
      total_tokens: inputOf(truth) + outputOf(truth),
      prompt_cache_hit_tokens: truth.read,
      prompt_cache_miss_tokens: truth.text,
      completion_tokens_details: { reasoning_tokens: truth.reasoning },
    }),
  },
  {
    name: "a compatible server that counts reasoning apart (xAI)",
    knows: ["text", "read", "answer", "reasoning"],
    usage: (truth) => ({
      prompt_tokens: inputOf(truth),
      completion_tokens: truth.answer,
      total_tokens: inputOf(truth) + outputOf(truth),
      prompt_tokens_details: { cached_tokens: truth.read },
      completion_tokens_details: { reasoning_tokens: truth.reasoning },
    }),
  },
  {
    name: "Gemini",
    knows: ["text", "audio", "image", "read", "readAudio", "answer", "reasoning", "spoken"],
    usage: (truth) => ({
      promptTokenCount: inputOf(truth),
      cachedContentTokenCount: readOf(truth),
      candidatesTokenCount: truth.answer + truth.spoken,
      thoughtsTokenCount: truth.reasoning,
      totalTokenCount: inputOf(truth) + outputOf(truth),
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: truth.text + truth.read },
        { modality: "AUDIO", tokenCount: truth.audio + truth.readAudio },
        { modality: "IMAGE", tokenCount: Math.floor(truth.image / 2) },
        { modality: "DOCUMENT", tokenCount: Math.ceil(truth.image / 2) },
      ],
      cacheTokensDetails: [
        { modality: "TEXT", tokenCount: truth.read },
        { modality: "AUDIO", tokenCount: truth.readAudio },
        { modality: "IMAGE", tokenCount: 0 },
      ],
      candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: truth.spoken }],
    }),
  },
  {
    name: "Bedrock Converse",
    knows: ["text", "read", "written", "writtenForHour", "answer"],
    usage: (truth) => ({
      inputTokens: truth.text,
      outputTokens: outputOf(truth),
      totalTokens: inputOf(truth) + outputOf(truth),
      cacheReadInputTokens: truth.read,
      cacheWriteInputTokens: writtenOf(truth),
      cacheDetails: [
        { ttl: "5m", inputTokens: truth.written },
        { ttl: "1h", inputTokens: truth.writtenForHour },
      ],
    }),
  },
  {
    name: "Bedrock's invocation metrics",
    knows: ["text", "read", "written", "answer"],
    usage: (truth) => ({
      inputTokenCount: truth.text,
      outputTokenCount: outputOf(truth),
      cacheReadInputTokenCount: truth.read,
      cacheWriteInputTokenCount: truth.written,
    }),
  },
  {
    name: "Titan on Bedrock",
    knows: ["text", "answer"],
    usage: (truth) => ({
      inputTextTokenCount: truth.text,
      totalOutputTextTokenCount: truth.answer,
    }),
  },
  {
    name: "Llama on Bedrock",
    knows: ["text", "answer"],
    usage: (truth) => ({ prompt_token_count: truth.text, generation_token_count: truth.answer }),
  },
  {
    name: "the AI SDK",
    knows: cacheKnown,
    usage: (truth) => ({
      inputTokens: inputOf(truth),
      outputTokens: outputOf(truth),
      totalTokens: inputOf(truth) + outputOf(truth),
      inputTokenDetails: { cacheReadTokens: truth.read, cacheWriteTokens: truth.written },
      outputTokenDetails: { textTokens: truth.answer, reasoningTokens: truth.reasoning },
    }),
  },
  {
    name: "the AI SDK's language models",
    knows: [...cacheKnown, "writtenForHour"],
    usage: (truth) => ({
      inputTokens: { total: inputOf(truth), cacheRead: truth.read, cacheWrite: writtenOf(truth) },
      outputTokens: { total: outputOf(truth), text: truth.answer, reasoning: truth.reasoning },
      raw: {
        cache_creation: {
          ephemeral_5m_input_tokens: truth.written,
          ephemeral_1h_input_tokens: truth.writtenForHour,
        },
      },
    }),
  },
  {
    name: "Anthropic's compactions",
    knows: ["text", "read", "written", "writtenForHour", "answer"],
    usage: (truth) => {
      const half = (count: number) => Math.floor(count / 2);
      const part = (of: (count: number) => number) => ({
        input_tokens: of(truth.text),
        output_tokens: of(truth.answer),
        cache_read_input_tokens: of(truth.read),
        cache_creation_input_tokens: of(truth.written) + of(truth.writtenForHour),
        cache_creation: {
          ephemeral_5m_input_tokens: of(truth.written),
          ephemeral_1h_input_tokens: of(truth.writtenForHour),
        },
      });
      const compaction = { type: "compaction", ...part(half) };
      return { ...part((count) => count - half(count)), iterations: [compaction] };
    },
  },
  {
    name: "LiteLLM in front of Anthropic",
    knows: cacheKnown,
    usage: (truth) => ({
      prompt_tokens: inputOf(truth),
      completion_tokens: outputOf(truth),
      total_tokens: inputOf(truth) + outputOf(truth),
      prompt_tokens_details: { cached_tokens: truth.read },
      cache_read_input_tokens: truth.read,
      cache_creation_input_tokens: truth.written,
      completion_tokens_details: { reasoning_tokens: truth.reasoning },
    }),
  },
  {
    name: "LangChain",
    knows: [...cacheKnown, "audio", "spoken"],
    usage: (truth) => ({
      input_tokens: inputOf(truth),
      output_tokens: outputOf(truth),
      total_tokens: inputOf(truth) + outputOf(truth),
      input_token_details: {
        cache_read: truth.read,
        cache_creation: truth.written,
        audio: truth.audio,
      },
      output_token_details: { reasoning: truth.reasoning, audio: truth.spoken },
    }),
  },
  {
    name: "the Claude Agent SDK",
    knows: ["text", "read", "written", "answer"],
    usage: (truth) => ({
      inputTokens: truth.text,
      outputTokens: truth.answer,
      cacheReadInputTokens: truth.read,
      cacheCreationInputTokens: truth.written,
    }),
  },
  {
    name: "Gemini's interactions",
    knows: ["text", "read", "answer", "reasoning"],
    usage: (truth) => ({
      total_input_tokens: inputOf(truth),
      total_cached_tokens: truth.read,
      total_output_tokens: truth.answer,
      total_thought_tokens: truth.reasoning,
      total_tokens: inputOf(truth) + outputOf(truth),
    }),
  },
  {
    name: "Cohere",
    knows: ["text", "answer"],
    usage: (truth) => ({
      billed_units: { input_tokens: truth.text, output_tokens: truth.answer },
      tokens: { input_tokens: truth.text + 66, output_tokens: truth.answer },
    }),
  },
  {
    name: "Ollama",
    knows: ["text", "answer"],
    usage: (truth) => ({ prompt_eval_count: truth.text, eval_count: truth.answer }),
  },
];

/** The bucket that each part of the truth belongs in. */
const bucketOf: Readonly<Record<keyof Truth, keyof TokenBuckets>> = {
  text: "input",
  audio: "inputAudio",
  image: "inputImage",
  read: "cacheRead",
  readAudio: "cacheReadAudio",
  written: "cacheWrite",
  writtenForHour: "cacheWrite1h",
  answer: "output",
  reasoning: "outputReasoning",
  spoken: "outputAudio",
};

const names = Object.keys(bucketOf) as (keyof Truth)[];

function each(change: (name: keyof Truth) => number): Truth {
  const truth = Object.fromEntries(names.map((name) => [name, change(name)]));
  return truth as Record<keyof Truth, number>;
}

function known(truth: Truth, told: readonly (keyof Truth)[]): Truth {
  return each((name) => (told.includes(name) ? truth[name] : 0));
}

describe("for any call, what a provider says of it", () => {
  test.for(forms.map((form) => [form.name, form] as const))(
    "%s: is found again bucket by bucket, and adds up to the provider's own total",
    ([, form]) => {
      fc.assert(
        fc.property(truths, (drawn) => {
          const truth = known(drawn, form.knows);
          // OpenAI does not say which audio was cached; what it says is only certain without.
          const isAmbiguous = form.name === "OpenAI Chat" && truth.audio > 0 && truth.read > 0;
          const usage = normalizeUsage(form.usage(truth));

          const buckets = tokenBuckets(usage);

          expect(usage.totalTokens).toBe(inputOf(truth) + outputOf(truth));
          expect(sum(buckets)).toBe(usage.totalTokens);
          if (isAmbiguous) return;
          for (const name of names) {
            expect(buckets[bucketOf[name]], name).toBe(truth[name]);
          }
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe("for any object in place of a usage", () => {
  const fields = [...new Set(forms.flatMap(({ usage }) => keysWithin(usage(each(() => 1)))))];
  const anything = fc.oneof(
    count,
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.constantFrom(null, undefined, true, 10n, -0, [], "12"),
    fc.array(
      fc.record({ modality: fc.constantFrom("AUDIO", "IMAGE", 3), tokenCount: fc.double() }),
    ),
    fc.dictionary(fc.constantFrom(...fields), fc.oneof(count, fc.double())),
  );
  const usages = fc.dictionary(fc.constantFrom(...fields), anything, { maxKeys: 14 });

  test("no bucket is negative or no number, and together they are input and output", () => {
    fc.assert(
      fc.property(usages, (given) => {
        const usage = normalizeUsage(given);

        const buckets = tokenBuckets(usage);

        for (const value of Object.values(buckets)) {
          expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        }
        expect(sum(buckets)).toBe((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("cost", () => {
  const { diagnostics } = testFoundation();
  const costs = new CostCalculator({}, diagnostics);
  const models: Readonly<Record<string, readonly [provider: string, model: string]>> = {
    Anthropic: ["anthropic", "claude-sonnet-4-6"],
    "OpenAI Chat": ["openai", "gpt-4o"],
    "OpenAI Responses": ["openai", "gpt-4o-mini"],
    "OpenAI images": ["openai", "gpt-image-1"],
    DeepSeek: ["deepseek", "deepseek-chat"],
    Gemini: ["google", "gemini-2.5-flash"],
    "Bedrock Converse": ["bedrock", "amazon.nova-pro-v1:0"],
    "Titan on Bedrock": ["bedrock", "amazon.titan-text-lite-v1"],
    "the AI SDK": ["openai", "gpt-4o"],
  };
  const priced = forms.filter(({ name }) => name in models);
  const costOf = (form: ProviderForm, truth: Truth) => {
    const [provider = "", model = ""] = models[form.name] ?? [];
    const usage = normalizeUsage(form.usage(truth));
    return costs.calculate({ provider, model, usage, time: Date.UTC(2026, 5, 1, 12) });
  };
  const nano = (usd: number | undefined) => Math.round((usd ?? Number.NaN) * 1e9);
  const small = truths.map((truth) => each((name) => truth[name] % 5_000));

  test.for(priced.map((form) => [form.name, form] as const))(
    "%s: two calls cost as much as one that is as large as both, and more is never cheaper",
    ([, form]) => {
      fc.assert(
        fc.property(small, small, (one, other) => {
          // Where the provider does not say which audio was cached, the least that is possible need not add up.
          const knows = form.knows.filter((name) => form.name === "Gemini" || name !== "audio");
          const first = known(one, knows);
          const second = known(other, knows);
          const both = each((name) => first[name] + second[name]);

          const whole = nano(costOf(form, both)?.totalUsd);

          const parts = nano(costOf(form, first)?.totalUsd) + nano(costOf(form, second)?.totalUsd);
          // Each sum of money is rounded to the nano-dollar for itself.
          expect(Math.abs(whole - parts)).toBeLessThanOrEqual(2);
          expect(whole + 2).toBeGreaterThanOrEqual(nano(costOf(form, first)?.totalUsd));
        }),
        { numRuns: 100 },
      );
    },
  );
});

function keysWithin(usage: object): string[] {
  return Object.entries(usage).flatMap(([key, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? [key, ...keysWithin(value)]
      : [key],
  );
}
