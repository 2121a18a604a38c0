import {
  arrayAt,
  isRecord,
  recordAt,
  recordsOf,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";

/** Kinds of content whose bytes are never looked at, by their name in a block. */
const media = ["image", "document", "video", "audio"] as const;

/**
 * The conversation of a Converse request in the form that Claude has for it: the two differ in tools and media only
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html).
 */
export function converseMessages(input: UnknownRecord): UnknownRecord[] {
  const system = recordsOf(arrayAt(input, "system")).map(blockOf);
  const messages = recordsOf(arrayAt(input, "messages")).map((message) => ({
    role: message["role"],
    content: recordsOf(arrayAt(message, "content")).map(blockOf),
  }));
  return system.length === 0 ? messages : [{ role: "system", content: system }, ...messages];
}

function blockOf(block: UnknownRecord): UnknownRecord {
  const use = block["toolUse"];
  if (isRecord(use)) {
    return { type: "tool_use", id: use["toolUseId"], name: use["name"], input: use["input"] };
  }
  const result = block["toolResult"];
  if (isRecord(result)) {
    return {
      type: "tool_result",
      tool_use_id: result["toolUseId"],
      content: recordsOf(arrayAt(result, "content")).map(resultOf),
    };
  }
  if (isRecord(block["guardContent"])) return recordAt(block["guardContent"], "text");
  return mediaOf(block) ?? block;
}

function resultOf(block: UnknownRecord): unknown {
  const json = block["json"];
  return json === undefined ? (mediaOf(block) ?? block) : JSON.stringify(json);
}

function mediaOf(block: UnknownRecord): UnknownRecord | undefined {
  const kind = media.find((name) => isRecord(block[name]));
  return kind === undefined
    ? undefined
    : { type: `${kind}/${String(recordAt(block, kind)["format"])}` };
}
