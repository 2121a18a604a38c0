import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { bundledList, priceListDate, replacePriceList } from "../src/cost/price-list.ts";
import { serviceTierOf } from "../src/cost/service-tier.ts";
import type { LLMSpanOptions } from "../src/index.ts";
import { gpt4o, testClient } from "./support/clients.ts";

const usage = { inputTokens: 1_000_000, outputTokens: 0 };

function costOf(
  client: ReturnType<typeof testClient>,
  options: Partial<LLMSpanOptions> = {},
  given: object = usage,
) {
  const span = client.llm.startLLMSpan("llm.request", { ...gpt4o, ...options });
  span.setUsage(given).finish();
  return span;
}

test("the date of the bundled list is that of the installed version", () => {
  const manifest = new URL("../node_modules/@pydantic/genai-prices/package.json", import.meta.url);

  expect(JSON.parse(readFileSync(manifest, "utf8")).version).toBe(bundledList.version);
});

test("a listed cost says of which day its price is, a user's does not", () => {
  expect(costOf(testClient()).getTag("llm.cost.price_date")).toBe(bundledList.date);
  const own = testClient({ prices: { "gpt-4o": { inputPerMillion: 1, outputPerMillion: 1 } } });
  expect(costOf(own).getTag("llm.cost.price_date")).toBeUndefined();
});

describe("updates at run time", () => {
  test("new prices count from the next call on", () => {
    const client = testClient();
    expect(costOf(client).getTag("llm.cost.total_usd")).toBe(2.5);

    expect(
      client.llm.updatePrices({
        prices: { "gpt-4o": { inputPerMillion: 7, outputPerMillion: 1 } },
      }),
    ).toBe(true);

    expect(costOf(client).getTag("llm.cost.total_usd")).toBe(7);
    expect(costOf(client).getTag("llm.cost.source")).toBe("user");
  });

  test("wrong prices are refused and counted, and the ones before stay", () => {
    const client = testClient({
      prices: { "gpt-4o": { inputPerMillion: 3, outputPerMillion: 1 } },
    });

    for (const update of [
      { prices: { "gpt-4o": { inputPerMillion: -1, outputPerMillion: 1 } } },
      { list: [] },
      { list: [{}] },
      { list: "x" },
      null,
    ]) {
      expect(client.llm.updatePrices(update as never)).toBe(false);
    }

    expect(client.faults("prices_refused")).toBe(5);
    expect(costOf(client).getTag("llm.cost.total_usd")).toBe(3);
    expect(priceListDate()).toBe(bundledList.date);
  });
});

describe("tiers", () => {
  test.for([
    ["batch", 1.25],
    ["flex", 1.25],
    ["default", 2.5],
    ["priority", undefined],
  ] as const)("%s costs %o", ([serviceTier, cost]) => {
    const client = testClient();

    expect(costOf(client, { serviceTier }).getTag("llm.cost.total_usd")).toBe(cost);
    expect(client.faults("cost_unknown_tier")).toBe(cost === undefined ? 1 : 0);
  });

  test("a user's factor beats the known ones", () => {
    const prices = {
      "gpt-4o": {
        inputPerMillion: 2,
        outputPerMillion: 1,
        tierFactors: { priority: 1.5, batch: 0.25 },
      },
    };

    expect(
      costOf(testClient({ prices }), { serviceTier: "priority" }).getTag("llm.cost.total_usd"),
    ).toBe(3);
    expect(
      costOf(testClient({ prices }), { serviceTier: "batch" }).getTag("llm.cost.total_usd"),
    ).toBe(0.5);
    expect(() =>
      testClient({
        prices: { m: { inputPerMillion: 1, outputPerMillion: 1, tierFactors: { x: -1 } } },
      }),
    ).toThrow(/tierFactors/);
  });

  test("the tier of the answer counts", () => {
    const { llm } = testClient();
    const span = llm.startLLMSpan("llm.request", gpt4o);
    span.recordResponse({
      choices: [],
      service_tier: "flex",
      usage: { prompt_tokens: 1_000_000, completion_tokens: 0 },
    });
    span.finish();

    expect(span.getTag("llm.cost.total_usd")).toBe(1.25);
  });

  test.for([
    [{ service_tier: "Flex" }, "flex"],
    [{ usage: { service_tier: "batch" } }, "batch"],
    [{ message: { usage: { service_tier: "standard" } } }, "standard"],
    [{ response: { service_tier: "default" } }, "default"],
    [{ usageMetadata: { serviceTier: "standard" } }, "standard"],
    [{ usageMetadata: { trafficType: "ON_DEMAND" } }, "on_demand"],
    [{ usageMetadata: { trafficType: "PROVISIONED_THROUGHPUT" } }, "provisioned_throughput"],
    [{ output: {}, serviceTier: { type: "flex" } }, "flex"],
    [{ usage: { speed: "fast", service_tier: "standard" } }, "fast"],
    [{}, undefined],
    [5, undefined],
  ] as const)("%o is %s", ([answer, tier]) => {
    expect(serviceTierOf(answer)).toBe(tier);
  });
});

test("the parts of the input's cost add up to it, for any usage and price", () => {
  const count = fc.nat(2_000_000);
  fc.assert(
    fc.property(
      count,
      count,
      count,
      count,
      fc.constantFrom("gpt-4o", "claude-sonnet-4-6", "claude-sonnet-4-5", "gemini-2.5-pro"),
      (uncached, read, written, output, model) => {
        const client = testClient();
        const provider = model.startsWith("gpt")
          ? "openai"
          : model.startsWith("claude")
            ? "anthropic"
            : "google";
        costOf(
          client,
          { provider, model },
          {
            inputTokens: uncached + read + written,
            outputTokens: output,
            cacheReadInputTokens: read,
            cacheWriteInputTokens: written,
            cacheWrite1hInputTokens: Math.floor(written / 3),
          },
        );

        const metrics = client.annotations[0]?.metrics as Record<string, number>;
        const nano = (name: string) => Math.round((metrics[name] ?? Number.NaN) * 1e9);
        expect(nano("non_cached_input_cost")).toBeGreaterThanOrEqual(0);
        expect(
          Math.abs(
            nano("non_cached_input_cost") +
              nano("cache_read_input_cost") +
              nano("cache_write_input_cost") -
              nano("input_cost"),
          ),
        ).toBeLessThanOrEqual(1);
        expect(nano("input_cost") + nano("output_cost")).toBe(nano("total_cost"));
      },
    ),
    { numRuns: 60 },
  );
});

// Last, since the list is the process's own.
describe("a new list", () => {
  afterEach(() => {
    expect(priceListDate()).not.toBe(bundledList.date);
  });

  test("prices calls by its own numbers and its own day", () => {
    const list = [
      {
        id: "openai",
        name: "OpenAI",
        api_pattern: "https://api\\.openai\\.com",
        models: [
          { id: "gpt-4o", match: { equals: "gpt-4o" }, prices: { input_mtok: 9, output_mtok: 9 } },
        ],
      },
    ];
    const client = testClient();

    expect(client.llm.updatePrices({ list, listDate: "2026-11-20" })).toBe(true);

    const span = costOf(client);
    expect(span.getTag("llm.cost.total_usd")).toBe(9);
    expect(span.getTag("llm.cost.price_date")).toBe("2026-11-20");
    expect(replacePriceList([], "2030-01-01")).toBe(false);
  });
});
