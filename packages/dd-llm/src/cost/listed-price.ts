import { calcPrice, type Usage } from "@pydantic/genai-prices";
import type { TokenUsage } from "../usage/token-usage.ts";
import { cachedInputCost } from "./bucket-price.ts";
import { type CallCost, type PricedCall, toCost } from "./call-cost.ts";
import { priceListDate } from "./price-list.ts";

/** The cost of a call by the price list of `@pydantic/genai-prices`, or `undefined` when it does not know the model. */
export function listedCost(call: PricedCall, factor = 1): CallCost | undefined {
  for (const name of [call.responseModel, call.model]) {
    const price = name ? priceOf(name, call) : null;
    if (price) {
      const { input_price: inputUsd, output_price: outputUsd, total_price: totalUsd } = price;
      const cached = cachedInputCost(price.model_price, call.usage);
      const requestUsd = totalUsd - inputUsd - outputUsd;
      const parts = { inputUsd, outputUsd, requestUsd, cached };
      return {
        ...toCost(parts, call.usage, "genai-prices", factor),
        priceDate: priceListDate(),
      };
    }
  }
  return undefined;
}

function priceOf(model: string, { provider, usage, time }: PricedCall) {
  const options = { providerId: provider, timestamp: new Date(time) };
  try {
    return calcPrice(detailedCounts(usage), model, options);
  } catch {
    // The list refuses counts of which it needs a combination that no provider gives, such as cached reasoning.
    return calcPrice(plainCounts(usage), model, options);
  }
}

function plainCounts(usage: TokenUsage): Usage {
  return {
    input_tokens: usage.inputTokens ?? 0,
    cache_read_tokens: usage.cacheReadInputTokens ?? 0,
    cache_write_tokens: usage.cacheWriteInputTokens ?? 0,
    output_tokens: usage.outputTokens ?? 0,
  };
}

function detailedCounts(usage: TokenUsage): Usage {
  const { inputAudioTokens: audio = 0, cacheReadInputTokens: read = 0 } = usage;
  const uncached = (usage.inputTokens ?? 0) - read - (usage.cacheWriteInputTokens ?? 0);
  return {
    ...plainCounts(usage),
    cache_write_1h_tokens: usage.cacheWrite1hInputTokens ?? 0,
    input_audio_tokens: audio,
    // Where the provider does not say which part of the audio was cached, the least that is possible.
    cache_audio_read_tokens:
      usage.cacheReadAudioInputTokens ?? Math.min(read, Math.max(0, audio - uncached)),
    output_audio_tokens: usage.outputAudioTokens ?? 0,
    output_reasoning_tokens: usage.reasoningOutputTokens ?? 0,
  };
}
