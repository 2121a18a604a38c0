import { isRecord, known, recordAt, type UnknownRecord } from "../formats/unknown-record.ts";
import { sumOfCounts, tokenCount } from "./token-usage.ts";

/**
 * Usage of a language model of Vercel's AI SDK, in names of the normal form. What `inputTokens` holds has changed:
 * specification 3 (AI SDK 6) counts the cache in it for every provider, in an object; before, Anthropic's and Amazon
 * Bedrock's models left it out and told of it in their metadata, OpenAI's and Google's did not
 * (https://github.com/vercel/ai/blob/main/packages/provider/src/language-model/v4/language-model-v4-usage.ts).
 */
export function readAISDKUsage(usage: UnknownRecord, metadata: UnknownRecord): UnknownRecord {
  const input = usage["inputTokens"];
  const output = usage["outputTokens"];
  const raw = rawParts(usage, metadata);
  if (isRecord(input) || isRecord(output)) {
    const counted = isRecord(input) ? input : {};
    const written = isRecord(output) ? output : {};
    return withoutTotal({
      inputTokens: counted["total"],
      cacheReadInputTokens: counted["cacheRead"],
      cacheWriteInputTokens: counted["cacheWrite"],
      outputTokens: written["total"],
      reasoningOutputTokens: written["reasoning"],
      ...raw,
    });
  }
  return readFlatUsage(usage, metadata, raw);
}

/** What only Anthropic's own object says: how long the cache is kept, and the searches that are charged for. */
function rawParts(usage: UnknownRecord, metadata: UnknownRecord): UnknownRecord {
  const { raw: given } = usage;
  const raw = isRecord(given) ? given : recordAt(recordAt(metadata, "anthropic"), "usage");
  const byAge = recordAt(raw, "cache_creation");
  return known({
    cacheWrite5mInputTokens: tokenCount(byAge["ephemeral_5m_input_tokens"]),
    cacheWrite1hInputTokens: tokenCount(byAge["ephemeral_1h_input_tokens"]),
    webSearchRequests: tokenCount(recordAt(raw, "server_tool_use")["web_search_requests"]),
  });
}

function readFlatUsage(
  usage: UnknownRecord,
  metadata: UnknownRecord,
  raw: UnknownRecord,
): UnknownRecord {
  const input = tokenCount(usage["inputTokens"] ?? usage["promptTokens"] ?? usage["tokens"]);
  const anthropic = recordAt(metadata, "anthropic");
  const bedrock = recordAt(recordAt(metadata, "bedrock"), "usage");
  const openai = recordAt(metadata, "openai");
  const read = tokenCount(anthropic["cacheReadInputTokens"] ?? bedrock["cacheReadInputTokens"]);
  const written = tokenCount(
    anthropic["cacheCreationInputTokens"] ?? bedrock["cacheWriteInputTokens"],
  );
  const isOlder = !("inputTokenDetails" in usage);
  const excludesCache = isOlder && ("anthropic" in metadata || "bedrock" in metadata);
  const cached = excludesCache ? (read ?? tokenCount(usage["cachedInputTokens"])) : undefined;
  return withoutTotal({
    ...usage,
    inputTokens: excludesCache && input !== undefined ? sumOfCounts(input, cached, written) : input,
    outputTokens: usage["outputTokens"] ?? usage["completionTokens"],
    cacheReadInputTokens:
      cached ??
      usage["cachedInputTokens"] ??
      tokenCount(openai["cachedPromptTokens"]) ??
      tokenCount(recordAt(metadata, "deepseek")["promptCacheHitTokens"]),
    cacheWriteInputTokens: written,
    reasoningOutputTokens: usage["reasoningTokens"] ?? tokenCount(openai["reasoningTokens"]),
    ...raw,
  });
}

/** The SDK's total follows its own idea of the input, and some models send `NaN` for what they do not know. */
function withoutTotal(counts: UnknownRecord): UnknownRecord {
  const { totalTokens: _total, ...rest } = counts;
  return known(rest);
}
