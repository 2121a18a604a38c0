import { isRecord } from "../formats/unknown-record.ts";
import type { SpanTags } from "./call-tags.ts";
import type { LLMSpanOptions } from "./llm-span-options.ts";
import { keysOf, type ModelCall, readOption } from "./model-call.ts";

/** The tags that an LLM span starts with: the caller's own first, then ours, which they must not replace. */
export function startTags(call: ModelCall, options: LLMSpanOptions): SpanTags {
  const tags: SpanTags = {};
  const given = readOption(options, "tags");
  if (isRecord(given)) {
    for (const key of keysOf(given)) {
      if (key !== "__proto__") tags[key] = readOption(given, key);
    }
  }
  for (const key of Object.keys(call.metricTags)) tags[key] = call.metricTags[key];
  tags["llm.provider"] = call.provider;
  tags["llm.model"] = call.model;
  tags["llm.request_type"] = call.requestType;
  tags["peer.service"] = call.provider;
  if (call.userId !== undefined) tags["usr.id"] = call.userId;
  if (call.prompt !== undefined) {
    tags["llm.prompt_id"] = readOption(call.prompt, "id");
    tags["llm.prompt_version"] = readOption(call.prompt, "version");
  }
  return tags;
}
