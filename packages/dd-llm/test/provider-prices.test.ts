import { describe, expect, test } from "vitest";
import { CostCalculator } from "../src/cost/cost-calculator.ts";
import { serviceTierOf } from "../src/cost/service-tier.ts";
import { normalizeUsage, type TokenUsage } from "../src/index.ts";
import { testFoundation } from "./support/foundation.ts";

const time = Date.UTC(2026, 5, 1, 12);
const thousandEach: TokenUsage = { inputTokens: 1_000, outputTokens: 1_000 };

function costOf(provider: string, model: string, usage = thousandEach, serviceTier?: string) {
  const { diagnostics } = testFoundation();
  const costs = new CostCalculator(
    { own: { inputPerMillion: 10, outputPerMillion: 20, tierFactors: { priority: 2 } } },
    diagnostics,
  );
  return costs.calculate({ provider, model, usage, serviceTier, time });
}

/** Ids as the providers really return or take them, and the published price (USD per million tokens). */
const models: readonly (readonly [
  provider: string,
  model: string,
  input: number,
  output: number,
])[] = [
  // Dated ids (https://platform.openai.com/docs/models).
  ["openai", "gpt-4o-2024-08-06", 2.5, 10],
  ["openai", "gpt-4.1-mini-2025-04-14", 0.4, 1.6],
  ["openai", "o3-mini-2025-01-31", 1.1, 4.4],
  ["openai", "gpt-5-nano-2025-08-07", 0.05, 0.4],
  ["openai", "text-embedding-3-small", 0.02, 0],
  ["openai", "text-embedding-ada-002-v2", 0.1, 0],
  // Tuned models (https://platform.openai.com/docs/guides/fine-tuning).
  ["openai", "ft:gpt-4o-2024-08-06:acme::abc123", 3.75, 15],
  ["openai", "ft:gpt-4o-mini-2024-07-18:acme:suffix:7p4lURel", 0.3, 1.2],
  // Behind a gateway the maker stands before the model (https://docs.litellm.ai/docs/providers).
  ["openai", "openai/gpt-4o", 2.5, 10],
  ["anthropic", "anthropic/claude-haiku-4-5", 1, 5],
  ["bedrock", "bedrock/anthropic.claude-3-haiku-20240307-v1:0", 0.25, 1.25],
  ["google", "vertex_ai/gemini-2.5-flash", 0.3, 2.5],
  ["azure", "azure_ai/gpt-4o", 2.5, 10],
  // Azure says `gpt-35-turbo` (https://learn.microsoft.com/azure/ai-foundry/openai/concepts/models).
  ["azure", "gpt-35-turbo", 0.5, 1.5],
  ["azure", "gpt-4o-mini-2024-07-18", 0.15, 0.6],
  ["azure.ai.inference", "gpt-4o-2024-08-06", 2.5, 10],
  // Vertex AI dates with an `@` (https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude).
  ["anthropic", "claude-3-5-sonnet-v2@20241022", 3, 15],
  ["google", "claude-haiku-4-5@20251001", 1, 5],
  // Resource names (https://ai.google.dev/api/models).
  ["google", "models/gemini-2.5-flash", 0.3, 2.5],
  ["google", "publishers/google/models/gemini-2.0-flash-001", 0.1, 0.4],
  [
    "google",
    "projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash",
    0.3,
    2.5,
  ],
  ["gcp.gen_ai", "gemini-2.5-flash-lite", 0.1, 0.4],
  ["gcp.vertex_ai", "gemini-2.5-flash", 0.3, 2.5],
  // Inference profiles (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html).
  ["bedrock", "us.anthropic.claude-3-7-sonnet-20250219-v1:0", 3, 15],
  ["bedrock", "apac.anthropic.claude-3-haiku-20240307-v1:0", 0.25, 1.25],
  ["aws.bedrock", "us-gov.anthropic.claude-3-5-sonnet-20240620-v1:0", 3, 15],
  ["bedrock", "anthropic.claude-3-sonnet-20240229-v1:0:200k", 3, 15],
  ["bedrock", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", 0.8, 3.2],
  [
    "bedrock",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    3,
    15,
  ],
  ["bedrock", "us.deepseek.r1-v1:0", 1.35, 5.4],
  // Makers in the names of hosts (https://openrouter.ai/models, https://console.groq.com/docs/models).
  ["openrouter", "deepseek/deepseek-r1:free", 0, 0],
  ["openrouter", "openai/gpt-4o-2024-08-06", 2.5, 10],
  ["groq", "openai/gpt-oss-120b", 0.15, 0.6],
  ["togetherai", "meta-llama/Llama-3.3-70B-Instruct-Turbo", 0.88, 0.88],
  ["x_ai", "grok-3-mini", 0.3, 0.5],
  // The AI SDK's names of providers hold the kind of the model.
  ["xai.chat", "grok-3-mini", 0.3, 0.5],
  ["groq.chat", "llama-3.1-8b-instant", 0.05, 0.08],
  ["azure.chat", "gpt-4o", 2.5, 10],
  ["azure-openai.chat", "gpt-4o", 2.5, 10],
  ["google.vertex.chat", "gemini-2.5-flash", 0.3, 2.5],
  ["anthropic.messages", "claude-haiku-4-5", 1, 5],
];

describe("the price of a model by the id that its provider uses", () => {
  test.each(models)("%s: %s costs $%d in and $%d out", (provider, model, input, output) => {
    const cost = costOf(provider, model);

    expect(cost?.inputUsd).toBeCloseTo(input / 1_000, 9);
    expect(cost?.outputUsd).toBeCloseTo(output / 1_000, 9);
  });

  test.each([
    ["openrouter", "openai/gpt-4o:online"],
    ["openai", "anthropic/claude-haiku-4-5"],
    ["openai", "acme/gpt-4o"],
    ["openai", "acme-models/gpt-4o"],
    ["groq", "openai/llama-3.1-8b-instant"],
    ["google", "models/"],
    ["google", "tunedModels/support-abc"],
    ["bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4"],
    ["openai", "/"],
    ["openai", ""],
    ["", "openai/"],
    [".chat", "gpt-4o"],
    ["unknown.chat", "gpt-4o"],
  ])("%s: of %s nothing is guessed", (provider, model) => {
    expect(costOf(provider, model)).toBeUndefined();
  });
});

describe("audio that is charged by its length", () => {
  test("an hour of Whisper costs $0.36", () => {
    const usage = normalizeUsage({ type: "duration", seconds: 3_600 });

    expect(costOf("openai", "whisper-1", usage)).toMatchObject({ inputUsd: 0.36, totalUsd: 0.36 });
  });

  test.each([
    ["openai", "gpt-4o"],
    ["openai", "own"],
  ])("a model that is charged by tokens has no cost by it: %s %s", (provider, model) => {
    expect(costOf(provider, model, { inputAudioSeconds: 60 })).toBeUndefined();
  });
});

test("Perplexity's reasoning, citations and searches have prices of their own", () => {
  const usage = normalizeUsage({
    prompt_tokens: 33,
    completion_tokens: 7_163,
    total_tokens: 7_196,
    citation_tokens: 20_016,
    num_search_queries: 18,
    reasoning_tokens: 73_994,
  });

  const cost = costOf("perplexity", "sonar-deep-research", usage);

  expect(cost?.inputUsd).toBeCloseTo((33 * 2) / 1e6, 9);
  expect(cost?.outputUsd).toBeCloseTo((7_163 * 8 + 20_016 * 2 + 73_994 * 3) / 1e6, 9);
  expect(cost?.totalUsd).toBeCloseTo(0.409384, 9);
});

describe("tiers", () => {
  test.each([
    ["openai", "gpt-4o", "flex", 0.5],
    ["openai", "gpt-4o", "default", 1],
    ["groq", "llama-3.1-8b-instant", "flex", 1],
    ["groq.chat", "llama-3.1-8b-instant", "flex", 1],
    ["groq", "llama-3.1-8b-instant", "on_demand", 1],
    ["google", "gemini-2.5-flash", "on_demand_flex", 0.5],
    ["google", "gemini-2.5-flash", "on_demand", 1],
    ["anthropic", "claude-sonnet-4-6", "batch", 0.5],
    ["anthropic", "claude-sonnet-4-6", "standard@us", 1.1],
    ["anthropic", "claude-sonnet-4-6", "batch@us", 0.55],
    ["openai", "own", "priority", 2],
    ["openai", "own", "priority@us", 2.2],
  ])("%s: %s in the tier %s costs %d of the standard price", (provider, model, tier, factor) => {
    const standard = costOf(provider, model);

    const cost = costOf(provider, model, thousandEach, tier);

    expect(cost?.totalUsd).toBeCloseTo((standard?.totalUsd ?? Number.NaN) * factor, 9);
  });

  test.each([
    "priority",
    "scale",
    "fast",
    "fast@us",
    "on_demand_priority",
    "provisioned_throughput",
  ])("%s has no public factor, so the call has no cost", (tier) => {
    expect(costOf("openai", "gpt-4o", thousandEach, tier)).toBeUndefined();
  });

  test.each([
    [{ usage: { service_tier: "standard", inference_geo: "us" } }, "standard@us"],
    [{ type: "message_start", message: { usage: { inference_geo: "us" } } }, "standard@us"],
    [{ usage: { service_tier: "batch", inference_geo: "global" } }, "batch"],
    [{ usage: { service_tier: "standard", inference_geo: "not_available" } }, "standard"],
    [{ usage: { speed: "fast", service_tier: "standard", inference_geo: "us" } }, "fast"],
    [{ usageMetadata: { trafficType: "ON_DEMAND_FLEX" } }, "on_demand_flex"],
    [{ type: "response.completed", response: { service_tier: "Flex" } }, "flex"],
    [{ usage: { inference_geo: "toString" } }, undefined],
    [{ message: null, response: 3, usage: "none" }, undefined],
  ])("the answer %j was processed in the tier %s", (answer, tier) => {
    expect(serviceTierOf(answer)).toBe(tier);
  });
});
