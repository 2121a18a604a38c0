import { calcPrice, updatePrices, waitForUpdate } from "@pydantic/genai-prices";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { costParts } from "../src/cost/bucket-rates.ts";
import { ListedPrices } from "../src/cost/listed-price.ts";
import { replacePriceList } from "../src/cost/price-list.ts";
import type { TokenUsage } from "../src/index.ts";

const time = Date.UTC(2026, 5, 1);
const bundled = (await waitForUpdate()) ?? [];
const models = bundled.flatMap(({ id, models: listed }) => listed.map((model) => [id, model.id]));

let lookUps = 0;

beforeEach(() => {
  // The list says so whenever it is asked.
  updatePrices(({ onCalc }) => {
    onCalc(() => {
      lookUps += 1;
    });
  });
  lookUps = 0;
});

/** A usage whose parts cannot contradict each other, and the same in the list's names. */
const usages = fc
  .record({
    text: fc.nat(300_000),
    audio: fc.nat(5_000),
    image: fc.nat(5_000),
    readText: fc.nat(100_000),
    readAudio: fc.nat(2_000),
    readImage: fc.nat(2_000),
    written: fc.nat(50_000),
    writtenForHour: fc.nat(50_000),
    answer: fc.nat(50_000),
    reasoning: fc.nat(10_000),
    spoken: fc.nat(5_000),
    drawn: fc.nat(5_000),
    searches: fc.nat(5),
  })
  .map((part) => {
    const read = part.readText + part.readAudio + part.readImage;
    const written = part.written + part.writtenForHour;
    const usage: TokenUsage = {
      inputTokens: part.text + part.audio + part.image + read + written,
      cacheReadInputTokens: read,
      cacheWriteInputTokens: written,
      cacheWrite1hInputTokens: part.writtenForHour,
      inputAudioTokens: part.audio + part.readAudio,
      cacheReadAudioInputTokens: part.readAudio,
      inputImageTokens: part.image + part.readImage,
      cacheReadImageInputTokens: part.readImage,
      outputTokens: part.answer + part.reasoning + part.spoken + part.drawn,
      reasoningOutputTokens: part.reasoning,
      outputAudioTokens: part.spoken,
      outputImageTokens: part.drawn,
      webSearchRequests: part.searches,
    };
    return {
      usage,
      listed: {
        input_tokens: usage.inputTokens,
        cache_read_tokens: read,
        cache_write_tokens: written,
        cache_write_1h_tokens: part.writtenForHour,
        input_audio_tokens: usage.inputAudioTokens,
        cache_audio_read_tokens: part.readAudio,
        input_image_tokens: usage.inputImageTokens,
        cache_image_read_tokens: part.readImage,
        output_tokens: usage.outputTokens,
        output_reasoning_tokens: part.reasoning,
        output_audio_tokens: part.spoken,
        output_image_tokens: part.drawn,
        web_searches: part.searches,
      } as Record<string, number>,
    };
  });

test("for every model of the list, at any time and for any usage, the cost is what the list itself calculates", () => {
  const prices = new ListedPrices();
  let compared = 0;

  fc.assert(
    fc.property(
      fc.constantFrom(...models),
      usages,
      fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2027, 0) }),
      ([provider = "", model = ""], { usage, listed }, at) => {
        let expected: ReturnType<typeof calcPrice>;
        try {
          expected = calcPrice(listed, model, {
            providerId: provider,
            timestamp: new Date(at),
          });
        } catch {
          // Such as a price for audio and one for the cache, but none for cached audio.
          return;
        }
        const rates = prices.ratesOf(provider, model, at);
        expect(rates === undefined).toBe(expected === null);
        if (rates === undefined || expected === null) return;

        const parts = costParts(rates, usage);

        compared += 1;
        const total = parts.inputUsd + parts.outputUsd + parts.requestUsd;
        expect(parts.inputUsd).toBeCloseTo(expected.input_price, 9);
        expect(parts.outputUsd).toBeCloseTo(expected.output_price, 9);
        expect(total).toBeCloseTo(expected.total_price, 9);
      },
    ),
    { numRuns: 1_500 },
  );

  expect(compared).toBeGreaterThan(1_000);
});

describe("looking up", () => {
  test("the list is asked once for a model, whether it knows it or not", () => {
    const prices = new ListedPrices(() => 0);

    for (let call = 0; call < 10; call += 1) {
      expect(prices.ratesOf("openai", "gpt-4o", time + call)?.input).toBe(2.5);
      expect(prices.ratesOf("openai", "house-model", time)).toBeUndefined();
    }

    expect(lookUps).toBe(2);
  });

  test("a price that changed on a day is right before and after it", () => {
    const dated = bundled.flatMap(({ id, models: listed }) =>
      listed.flatMap((model) => {
        const days = Array.isArray(model.prices)
          ? model.prices.flatMap(({ constraint }) =>
              constraint?.type === "start_date" ? [Date.parse(constraint.start_date)] : [],
            )
          : [];
        return days.map((day) => [id, model.id, day] as const);
      }),
    );
    expect(dated.length).toBeGreaterThan(5);

    for (const [provider, model, day] of dated) {
      const prices = new ListedPrices(() => 0);
      for (const at of [day - 1, day, day - 1, day + 1]) {
        const usage = { input_tokens: 1_000_000 };
        const options = { providerId: provider, timestamp: new Date(at) };
        const rates = prices.ratesOf(provider, model, at);
        const found = rates === undefined ? undefined : costParts(rates, { inputTokens: 1e6 });
        expect(found?.inputUsd).toBe(calcPrice(usage, model, options)?.input_price);
      }
    }
  });

  test("a price that changes with the hour is looked up each time", () => {
    const prices = new ListedPrices(() => 0);
    const cheap = Date.UTC(2025, 5, 1, 20);
    const usual = Date.UTC(2025, 5, 1, 12);

    const rates = [cheap, usual, cheap, cheap].map(
      (at) => prices.ratesOf("deepseek", "deepseek-chat", at)?.input,
    );

    expect(lookUps).toBe(4);
    expect(rates[0]).toBe(rates[2]);
    expect(rates[0]).toBe(rates[3]);
    expect(rates[0]).not.toBe(rates[1]);
  });

  test("what is remembered is asked for again after a minute, since others may update the list", () => {
    let now = 0;
    const prices = new ListedPrices(() => now);
    prices.ratesOf("openai", "gpt-4o", time);

    now = 59_999;
    prices.ratesOf("openai", "gpt-4o", time);
    expect(lookUps).toBe(1);
    now = 60_000;
    prices.ratesOf("openai", "gpt-4o", time);

    expect(lookUps).toBe(2);
  });

  test("of 5,000 models the newest thousand are remembered, and names that are too long never", () => {
    const prices = new ListedPrices(() => 0);
    for (let model = 0; model < 5_000; model += 1) prices.ratesOf("openai", `m${model}`, time);
    lookUps = 0;

    for (let model = 4_000; model < 5_000; model += 1) prices.ratesOf("openai", `m${model}`, time);
    expect(lookUps).toBe(0);
    prices.ratesOf("openai", "m3999", time);
    expect(lookUps).toBe(1);
    const long = "x".repeat(300);
    prices.ratesOf("openai", long, time);
    prices.ratesOf("openai", long, time);
    expect(lookUps).toBe(3);
  });
});

// Last, since the list is the process's own.
test("a new list counts at once", () => {
  const prices = new ListedPrices(() => 0);
  expect(prices.ratesOf("openai", "gpt-4o", time)?.input).toBe(2.5);
  const list = [
    {
      id: "openai",
      name: "OpenAI",
      api_pattern: "x",
      models: [{ id: "gpt-4o", match: { equals: "gpt-4o" }, prices: { input_mtok: 9 } }],
    },
  ];

  expect(replacePriceList(list, "2026-11-20")).toBe(true);

  expect(prices.ratesOf("openai", "gpt-4o", time)).toMatchObject({ input: 9, output: 0 });
});
