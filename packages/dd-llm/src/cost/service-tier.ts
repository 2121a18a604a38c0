import { isRecord, recordAt, textAt } from "../formats/unknown-record.ts";

/**
 * What a tier costs compared with the standard price: batch and flex processing are half of it
 * (https://platform.openai.com/docs/pricing, https://docs.claude.com/en/docs/about-claude/pricing#batch-processing,
 * https://ai.google.dev/gemini-api/docs/pricing, https://cloud.google.com/vertex-ai/generative-ai/docs/flex-paygo).
 */
const factors: ReadonlyMap<string, number> = new Map([
  ["auto", 1],
  ["default", 1],
  ["on_demand", 1],
  ["standard", 1],
  ["standard_only", 1],
  ["service_tier_unspecified", 1],
  ["traffic_type_unspecified", 1],
  ["batch", 0.5],
  ["flex", 0.5],
  ["on_demand_flex", 0.5],
]);

/** Whose flex tier costs as much as the standard one (https://console.groq.com/docs/flex-processing). */
const flexAtFullPrice = /^groq\b/;

/**
 * Inference that is kept in one region costs more
 * (https://platform.claude.com/docs/en/manage-claude/data-residency).
 */
const regionFactors: ReadonlyMap<string, number> = new Map([["us", 1.1]]);
const regionMark = "@";

/**
 * The factor on the standard price; `undefined` for a tier whose price differs by model or contract.
 *
 * @param tier As {@link serviceTierOf} names it, or the user.
 * @param own The user's own factors, which come first.
 */
export function tierFactor(
  provider: string,
  tier: string | undefined,
  own: Readonly<Record<string, number>> | undefined,
): number | undefined {
  if (tier === undefined) return 1;
  const [name = "", region = ""] = tier.split(regionMark);
  const isOwn = own !== undefined && Object.hasOwn(own, name);
  const factor = isOwn ? own[name] : publicFactor(provider, name);
  return factor === undefined ? undefined : factor * (regionFactors.get(region) ?? 1);
}

function publicFactor(provider: string, tier: string): number | undefined {
  return tier === "flex" && flexAtFullPrice.test(provider) ? 1 : factors.get(tier);
}

/**
 * The tier that an answer, or a chunk of a stream, was processed in, with the region behind an `@` where that costs
 * more; what was asked for may not be what was given.
 */
export function serviceTierOf(answer: unknown): string | undefined {
  if (!isRecord(answer)) return undefined;
  try {
    const { usageMetadata, message, response, usage } = answer;
    const inMessage = isRecord(message) ? message["usage"] : undefined;
    for (const holder of [answer, response, usage, inMessage]) {
      if (!isRecord(holder)) continue;
      // Anthropic's fast mode has prices of its own, in any tier.
      if (holder["speed"] === "fast") return "fast";
      const tier = textAt(holder, "service_tier")?.toLowerCase();
      const region = textAt(holder, "inference_geo");
      if (region !== undefined && regionFactors.has(region)) {
        return `${tier ?? "standard"}${regionMark}${region}`;
      }
      if (tier !== undefined) return tier;
    }
    const tier = isRecord(usageMetadata)
      ? (textAt(usageMetadata, "serviceTier") ?? textAt(usageMetadata, "trafficType"))
      : // Amazon Bedrock's Converse API.
        textAt(recordAt(answer, "serviceTier"), "type");
    return tier?.toLowerCase();
  } catch {
    // A getter of a foreign object threw: nothing can be known of it.
    return undefined;
  }
}
