import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PricedCall } from "../src/cost/call-cost.ts";
import { CostCalculator } from "../src/cost/cost-calculator.ts";
import { bundledList } from "../src/cost/price-list.ts";
import type { ModelPrice, TokenUsage } from "../src/index.ts";
import { testFoundation } from "./support/foundation.ts";

const time = Date.UTC(2026, 5, 1);

function calculator(prices: Record<string, ModelPrice> = {}) {
  const { diagnostics } = testFoundation();
  return { costs: new CostCalculator(prices, diagnostics), diagnostics };
}

function call(model: string, usage: TokenUsage, more: Partial<PricedCall> = {}): PricedCall {
  return { provider: "openai", model, usage, time, ...more };
}

function listed(provider: string, model: string, usage: TokenUsage) {
  return calculator().costs.calculate({ provider, model, usage, time });
}

describe("the price list", () => {
  test("prices disjoint buckets: uncached and cached input, output", () => {
    // 200 × $2.50 + 800 × $1.25 and 100 × $10 per million tokens.
    expect(
      listed("openai", "gpt-4o", {
        inputTokens: 1_000,
        cacheReadInputTokens: 800,
        outputTokens: 100,
      }),
    ).toEqual({
      inputUsd: 0.0015,
      outputUsd: 0.001,
      totalUsd: 0.0025,
      cacheReadInputUsd: 0.001,
      source: "genai-prices",
      priceDate: bundledList.date,
    });
  });

  test("prices cache writes for one hour higher than those for five minutes", () => {
    const usage = { inputTokens: 1_000, cacheWriteInputTokens: 1_000, outputTokens: 0 };

    // $3.75 and $6 per million tokens.
    expect(listed("anthropic", "claude-sonnet-4-5", usage)?.inputUsd).toBe(0.00375);
    expect(
      listed("anthropic", "claude-sonnet-4-5", { ...usage, cacheWrite1hInputTokens: 400 })
        ?.inputUsd,
    ).toBe(0.00465);
  });

  test("prices audio apart where the model does", () => {
    // 500 × $0.30 + 500 × $1 per million tokens.
    expect(
      listed("google", "gemini-2.5-flash", { inputTokens: 1_000, inputAudioTokens: 500 })?.inputUsd,
    ).toBe(0.00065);
  });

  test("prices cached audio by what the provider says of it", () => {
    const usage = { inputTokens: 1_000, inputAudioTokens: 500, cacheReadInputTokens: 200 };

    // Cached audio $0.10, other cache $0.03, audio $1, text $0.30 per million tokens.
    expect(
      listed("google", "gemini-2.5-flash", { ...usage, cacheReadAudioInputTokens: 200 })?.inputUsd,
    ).toBe((200 * 0.1 + 300 * 1 + 500 * 0.3) / 1e6);
    expect(
      listed("google", "gemini-2.5-flash", { ...usage, cacheReadAudioInputTokens: 0 })?.inputUsd,
    ).toBe((200 * 0.03 + 500 * 1 + 300 * 0.3) / 1e6);
  });

  test("takes as little audio as cached as is possible where the provider does not say", () => {
    const usage = { inputTokens: 1_000, inputAudioTokens: 900, cacheReadInputTokens: 200 };

    // 800 are uncached, so at least 100 of the 900 audio tokens were cached.
    expect(listed("google", "gemini-2.5-flash", usage)?.inputUsd).toBe(
      Number(((100 * 0.1 + 100 * 0.03 + 800 * 1) / 1e6).toFixed(9)),
    );
  });

  test("knows the tier of a long context", () => {
    // Above 200,000 tokens Gemini 2.5 Pro costs $2.50 instead of $1.25.
    expect(listed("google", "gemini-2.5-pro", { inputTokens: 200_000 })?.inputUsd).toBe(0.25);
    expect(listed("google", "gemini-2.5-pro", { inputTokens: 250_000 })?.inputUsd).toBe(0.625);
  });

  test("counts what a provider charges for the request itself in the total", () => {
    const cost = listed("perplexity", "sonar", { inputTokens: 1_000, outputTokens: 1_000 });

    expect(cost?.totalUsd).toBeGreaterThan((cost?.inputUsd ?? 0) + (cost?.outputUsd ?? 0));
  });

  test.each([
    ["gemini", "gemini-2.5-pro"],
    ["google_genai", "gemini-2.5-pro"],
    ["google-genai", "gemini-2.5-pro"],
    ["google_ai_studio", "gemini-2.5-pro"],
    ["VertexAI", "gemini-2.5-pro"],
    ["vertex_ai", "gemini-2.5-pro"],
    ["vertex", "gemini-2.5-pro"],
    ["bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ["amazon-bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ["amazon_bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ["xai", "grok-4"],
    ["azure", "gpt-4o"],
  ])("knows the provider %s", (provider, model) => {
    expect(listed(provider, model, { inputTokens: 1_000 })?.inputUsd).toBeGreaterThan(0);
  });

  test("prices the model that answered, else the one that was asked for", () => {
    const { costs } = calculator();
    const usage = { inputTokens: 1_000_000 };

    expect(costs.calculate(call("gpt-4o", usage, { responseModel: "gpt-4o-mini" }))).toMatchObject({
      inputUsd: 0.15,
    });
    expect(costs.calculate(call("gpt-4o", usage, { responseModel: "no-such" }))).toMatchObject({
      inputUsd: 2.5,
    });
  });

  test("has a cost for an embedding, which has no output", () => {
    expect(listed("openai", "text-embedding-3-small", { inputTokens: 1_000_000 })).toEqual({
      inputUsd: 0.02,
      outputUsd: 0,
      totalUsd: 0.02,
      source: "genai-prices",
      priceDate: bundledList.date,
    });
  });
});

describe("what is not known has no cost", () => {
  test("an output without an input", () => {
    const { costs, diagnostics } = calculator();

    expect(costs.calculate(call("gpt-4o", { outputTokens: 5 }))).toBeUndefined();
    expect(costs.calculate(call("gpt-4o", {}))).toBeUndefined();
    expect(diagnostics.counts()).toEqual({});
  });

  test("an unknown model is counted each time and named once", () => {
    const lines: string[] = [];
    const { diagnostics } = testFoundation();
    const costs = new CostCalculator({}, diagnostics);
    const warn = diagnostics.warnOnce.bind(diagnostics);
    diagnostics.warnOnce = (topic, message) => {
      lines.push(message);
      warn(topic, message);
    };

    for (let index = 0; index < 3; index += 1) {
      expect(costs.calculate(call("house-model", { inputTokens: 1 }))).toBeUndefined();
    }

    expect(diagnostics.counts()).toEqual({ cost_unknown_model: 3 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("openai/house-model");
  });

  test("a thousand unknown models are named no more than 32 times, with short names", () => {
    const topics: string[] = [];
    const { diagnostics } = testFoundation();
    const costs = new CostCalculator({}, diagnostics);
    diagnostics.warnOnce = (topic) => {
      topics.push(topic);
    };

    for (let index = 0; index < 1_000; index += 1) {
      costs.calculate(call(`${index}${"x".repeat(5_000)}`, { inputTokens: 1 }));
    }

    expect(topics).toHaveLength(32);
    expect(Math.max(...topics.map((topic) => topic.length))).toBeLessThan(200);
    expect(diagnostics.counts()).toEqual({ cost_unknown_model: 1_000 });
  });

  test("a fault of the price list is counted and not thrown", () => {
    const { costs, diagnostics } = calculator();

    expect(costs.calculate(call("gpt-4o", { inputTokens: -5 }))).toBeUndefined();
    expect(diagnostics.counts()).toEqual({ cost_calculation_failed: 1 });
  });

  test("counts that the list refuses in detail are priced without it", () => {
    // More audio than output cannot be, so only the sums are priced.
    expect(
      listed("openai", "gpt-4o", {
        inputTokens: 0,
        outputTokens: 10,
        outputAudioTokens: 20,
      }),
    ).toMatchObject({ outputUsd: 0.0001 });
  });
});

describe("the user's prices", () => {
  const price: ModelPrice = { inputPerMillion: 10, outputPerMillion: 20 };

  test("come before the price list", () => {
    const { costs } = calculator({ "gpt-4o": price });

    expect(costs.calculate(call("gpt-4o", { inputTokens: 100, outputTokens: 50 }))).toEqual({
      inputUsd: 0.001,
      outputUsd: 0.001,
      totalUsd: 0.002,
      source: "user",
    });
  });

  test("are found by the model that answered when the one asked for has none", () => {
    const { costs } = calculator({ actual: price });

    expect(
      costs.calculate(call("alias", { inputTokens: 100 }, { responseModel: "actual" })),
    ).toMatchObject({ inputUsd: 0.001, source: "user" });
  });

  test("price the cache like any input unless they say otherwise", () => {
    const usage = {
      inputTokens: 1_000,
      cacheReadInputTokens: 100,
      cacheWriteInputTokens: 300,
      cacheWrite1hInputTokens: 200,
    };
    const full = { cacheReadPerMillion: 1, cacheWritePerMillion: 12, cacheWrite1hPerMillion: 20 };

    expect(calculator({ m: price }).costs.calculate(call("m", usage))?.inputUsd).toBe(0.01);
    expect(
      calculator({ m: { ...price, ...full } }).costs.calculate(call("m", usage))?.inputUsd,
    ).toBe((600 * 10 + 100 * 1 + 100 * 12 + 200 * 20) / 1e6);
    expect(
      calculator({ m: { ...price, cacheWritePerMillion: 12 } }).costs.calculate(call("m", usage))
        ?.inputUsd,
    ).toBe((700 * 10 + 300 * 12) / 1e6);
  });

  test("are not found by the names of object methods", () => {
    const { costs, diagnostics } = calculator({ m: price });

    expect(costs.calculate(call("constructor", { inputTokens: 1 }))).toBeUndefined();
    expect(diagnostics.counts()).toEqual({ cost_unknown_model: 1 });
  });

  test("are copied, so that a later change by the caller is none of the prices", () => {
    const prices = { m: { ...price } };
    const { costs } = calculator(prices);
    prices.m.inputPerMillion = 1_000;

    expect(costs.calculate(call("m", { inputTokens: 100 }))?.inputUsd).toBe(0.001);
  });

  test.each([
    [{ inputPerMillion: -1, outputPerMillion: 1 }, "inputPerMillion"],
    [{ inputPerMillion: 1 }, "outputPerMillion"],
    [{ ...price, cacheReadPerMillion: Number.NaN }, "cacheReadPerMillion"],
    [{ ...price, cacheWritePerMillion: "3" }, "cacheWritePerMillion"],
    [{ ...price, cacheWrite1hPerMillion: Number.POSITIVE_INFINITY }, "cacheWrite1hPerMillion"],
    [null, "must be an object"],
  ])("%j is refused when the client is built", (wrong, message) => {
    expect(() => calculator({ m: wrong as ModelPrice })).toThrow(message);
  });
});

const tokens = fc.nat(3_000_000);
const buckets = fc.record({ uncached: tokens, read: tokens, written: tokens, output: tokens });
const models = fc.constantFrom(
  ["openai", "gpt-4o"],
  ["anthropic", "claude-sonnet-4-5"],
  ["google", "gemini-2.5-pro"],
  ["openai", "priced-by-user"],
);
const { costs: mixed } = calculator({
  "priced-by-user": {
    inputPerMillion: 0.7,
    outputPerMillion: 2.13,
    cacheReadPerMillion: 0.07,
    cacheWritePerMillion: 0.875,
  },
});

function costOf(
  [provider = "", model = ""]: readonly string[],
  {
    uncached,
    read,
    written,
    output,
  }: { [K in "uncached" | "read" | "written" | "output"]: number },
) {
  const usage = {
    inputTokens: uncached + read + written,
    outputTokens: output,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
  };
  return mixed.calculate({ provider, model, usage, time });
}

test("property: input and output add up to the total, to the nano-dollar", () => {
  fc.assert(
    fc.property(models, buckets, (model, usage) => {
      const cost = costOf(model, usage);

      expect(cost).toBeDefined();
      const nano = (usd = Number.NaN) => Math.round(usd * 1e9);
      expect(nano(cost?.inputUsd) + nano(cost?.outputUsd)).toBe(nano(cost?.totalUsd));
    }),
  );
});

test("property: more tokens never cost less", () => {
  fc.assert(
    fc.property(
      models,
      buckets,
      fc.constantFrom("uncached", "read", "written", "output"),
      tokens,
      (model, usage, bucket, more) => {
        const cost = costOf(model, usage);
        const larger = costOf(model, { ...usage, [bucket]: usage[bucket] + more });

        expect(larger?.totalUsd).toBeGreaterThanOrEqual(cost?.totalUsd ?? Number.NaN);
      },
    ),
  );
});
