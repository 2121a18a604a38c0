import type { BucketRates, Rate } from "./bucket-rates.ts";

const secondsPerHour = 3_600;

/**
 * The rates of a price of `@pydantic/genai-prices`: a bucket that has no price of its own costs what the one around it
 * does (https://github.com/pydantic/genai-prices/blob/main/prices/units.yml).
 *
 * @param price A price that the list itself has found to be valid.
 */
export function listedRates(price: Readonly<Record<string, unknown>>): BucketRates {
  const rate = (...keys: readonly string[]): Rate => {
    for (const key of keys) {
      const found = price[key];
      if (found !== undefined) return sorted(found as Rate);
    }
    return 0;
  };
  const perThousand = (key: string): number => {
    const found = price[key];
    return typeof found === "number" ? found / 1_000 : 0;
  };
  const hourly = price["input_audio_hours"] ?? price["audio_hours"];
  return {
    input: rate("input_mtok"),
    inputAudio: rate("input_audio_mtok", "input_mtok"),
    inputImage: rate("input_image_mtok", "input_mtok"),
    cacheRead: rate("cache_read_mtok", "input_mtok"),
    cacheReadAudio: rate(
      "cache_audio_read_mtok",
      "cache_read_mtok",
      "input_audio_mtok",
      "input_mtok",
    ),
    cacheReadImage: rate(
      "cache_image_read_mtok",
      "cache_read_mtok",
      "input_image_mtok",
      "input_mtok",
    ),
    cacheWrite: rate("cache_write_mtok", "input_mtok"),
    cacheWrite1h: rate("cache_write_1h_mtok", "cache_write_mtok", "input_mtok"),
    output: rate("output_mtok"),
    outputReasoning: rate("output_reasoning_mtok", "output_mtok"),
    outputAudio: rate("output_audio_mtok", "output_mtok"),
    outputImage: rate("output_image_mtok", "output_mtok"),
    outputCitation: rate("output_citation_mtok", "output_mtok"),
    audioSecond: typeof hourly === "number" ? hourly / secondsPerHour : undefined,
    request: perThousand("requests_kcount"),
    webSearch: perThousand("web_searches_kcount"),
  };
}

function sorted(rate: Rate): Rate {
  if (typeof rate === "number") return rate;
  const tiers = rate.tiers.toSorted((left, right) => left.start - right.start);
  return { base: rate.base, tiers };
}
