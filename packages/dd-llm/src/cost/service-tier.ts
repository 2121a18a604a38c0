import { isRecord, recordAt, textAt } from "../formats/unknown-record.ts";

/**
 * What a tier costs compared with the standard price: batch and flex processing are half of it
 * (https://platform.openai.com/docs/pricing, https://docs.claude.com/en/docs/about-claude/pricing#batch-processing,
 * https://ai.google.dev/gemini-api/docs/pricing).
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
]);

/** The factor on the standard price; `undefined` for a tier whose price differs by model or contract. */
export function tierFactor(
  tier: string | undefined,
  own: Readonly<Record<string, number>> | undefined,
): number | undefined {
  if (tier === undefined) return 1;
  return (
    (own !== undefined && Object.hasOwn(own, tier) ? own[tier] : undefined) ?? factors.get(tier)
  );
}

/** The tier that an answer, or a chunk of a stream, was processed in; what was asked for may not be what was given. */
export function serviceTierOf(answer: unknown): string | undefined {
  if (!isRecord(answer)) return undefined;
  try {
    const usage = recordAt(recordAt(answer, "message"), "usage");
    for (const holder of [answer, recordAt(answer, "response"), recordAt(answer, "usage"), usage]) {
      // Anthropic's fast mode has prices of its own, in any tier.
      if (holder["speed"] === "fast") return "fast";
      const tier = textAt(holder, "service_tier");
      if (tier !== undefined) return tier.toLowerCase();
    }
    const { usageMetadata } = answer;
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
