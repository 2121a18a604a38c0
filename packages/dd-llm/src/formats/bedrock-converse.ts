import { normalizeUsage } from "../usage/normalize-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall } from "./model-output.ts";
import {
  arrayAt,
  isRecord,
  jsonText,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

const errorEvents = [
  "internalServerException",
  "modelStreamErrorException",
  "serviceUnavailableException",
  "throttlingException",
  "validationException",
] as const;

/** Whether an object is a response of Amazon Bedrock's Converse API, which Amazon Nova's own form equals. */
export function isConverse(response: UnknownRecord): boolean {
  return isRecord(recordAt(response, "output")["message"]);
}

/**
 * Reads a complete response of the Converse API
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html).
 */
export function readConverseResponse(response: UnknownRecord): ModelOutput {
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  const message = recordAt(recordAt(response, "output"), "message");
  for (const block of recordsOf(arrayAt(message, "content"))) {
    const text = textAt(block, "text");
    if (text !== undefined) texts.push(text);
    const use = block["toolUse"];
    if (isRecord(use)) {
      toolCalls.push({ ...toolIdentity(use), arguments: jsonText(use["input"] ?? {}) });
    }
  }
  const usage = response["usage"];
  return {
    text: texts.join(""),
    toolCalls,
    ...known({
      usage: isRecord(usage) ? normalizeUsage(usage) : undefined,
      finishReason: textAt(response, "stopReason"),
    }),
  };
}

/** Reads one event of `ConverseStream`, each of which is an object with one key. */
export function readConverseChunk(event: UnknownRecord): ChunkFacts | undefined {
  if (isRecord(event["contentBlockDelta"])) return readDelta(event["contentBlockDelta"]);
  if (isRecord(event["contentBlockStart"])) return readStart(event["contentBlockStart"]);
  if (isRecord(event["messageStop"])) {
    return known({ finishReason: textAt(event["messageStop"], "stopReason") });
  }
  if (isRecord(event["metadata"])) {
    const usage = event["metadata"]["usage"];
    return known({ usage: isRecord(usage) ? usage : undefined });
  }
  const failed = errorEvents.find((name) => isRecord(event[name]));
  if (failed !== undefined) {
    const message = textAt(recordAt(event, failed), "message") ?? failed;
    return { failure: { message, code: failed } };
  }
  return isRecord(event["messageStart"]) || isRecord(event["contentBlockStop"]) ? {} : undefined;
}

function readStart(start: UnknownRecord): ChunkFacts {
  const use = recordAt(start, "start")["toolUse"];
  if (!isRecord(use)) return {};
  return { hasContent: true, toolCallDeltas: [{ key: keyOf(start), ...toolIdentity(use) }] };
}

function readDelta(block: UnknownRecord): ChunkFacts {
  const delta = recordAt(block, "delta");
  const text = textAt(delta, "text");
  if (text !== undefined) return { textDelta: text, hasContent: true };
  const argumentsDelta = textAt(recordAt(delta, "toolUse"), "input");
  if (argumentsDelta !== undefined) {
    return { hasContent: true, toolCallDeltas: [{ key: keyOf(block), argumentsDelta }] };
  }
  return textAt(recordAt(delta, "reasoningContent"), "text") === undefined
    ? {}
    : { hasContent: true };
}

function keyOf(block: UnknownRecord): string {
  return String(block["contentBlockIndex"]);
}

function toolIdentity(use: UnknownRecord): Pick<ToolCall, "id" | "name"> {
  return known({ id: textAt(use, "toolUseId"), name: textAt(use, "name") });
}
