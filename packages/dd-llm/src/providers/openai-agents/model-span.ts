import type { Span } from "@llmdevops/dd-core";
import {
  arrayAt,
  isRecord,
  recordAt,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";
import type { LLMRequestType } from "../../span/llm-span-options.ts";
import { readCallParameters } from "../call-parameters.ts";
import { isResponseRecorded } from "../recorded-responses.ts";
import { errorOf, timeAt } from "./framework-span.ts";
import type { ResolvedOpenAIAgentsOptions } from "./openai-agents-options.ts";

/** The span types that stand for a model call. */
const requestTypes: ReadonlyMap<string, LLMRequestType> = new Map([
  ["generation", "chat"],
  ["response", "chat"],
  ["transcription", "audio"],
  ["speech", "audio"],
]);

/** Whether a span of the SDK stands for a model call. */
export function isModelSpan(type: string): boolean {
  return requestTypes.has(type);
}

/**
 * Records a model call once it has ended: its model, input and answer are known only then. One that an instrumented
 * client has recorded is left to that.
 *
 * @param tags Further tags, for example of the turn.
 * @param seenAt When its start was told of (ms since the epoch).
 */
export function recordModelSpan(
  source: unknown,
  type: string,
  data: UnknownRecord,
  childOf: Span | undefined,
  { llm, provider }: ResolvedOpenAIAgentsOptions,
  tags: Readonly<Record<string, unknown>>,
  seenAt: number,
): void {
  const first = arrayAt(data, "output")[0];
  const response = type === "response" ? data["_response"] : isRecord(first) ? first : undefined;
  const answer = isRecord(response) ? response : {};
  const responseId = textAt(data, "response_id") ?? textAt(answer, "id");
  if (isResponseRecorded(responseId)) return;
  const settings = type === "response" ? answer : recordAt(data, "model_config");
  const startTime = finer(timeAt(source, "startedAt"), seenAt);
  const span = llm.startLLMSpan("llm.request", {
    provider,
    model: textAt(data, "model") ?? textAt(answer, "model") ?? "unknown",
    requestType: requestTypes.get(type) ?? "chat",
    parameters: readCallParameters(settings),
    tags: { ...tags, "openai.response_id": responseId },
    ...(childOf === undefined ? {} : { childOf }),
    ...(startTime === undefined ? {} : { startTime }),
  });
  const input = data["_input"] ?? data["input"];
  if (input !== undefined) span.setInput(type === "response" ? { input } : input);
  span.recordResponse(response);
  // A transcription is a text, and what an application reports itself are messages.
  const { output } = data;
  if (typeof output === "string" || "role" in answer) span.setOutput(output);
  const usage = data["usage"];
  if (isRecord(usage) && !isRecord(answer["usage"])) span.setUsage(withDetails(usage));
  const error = errorOf(source, false);
  if (error !== undefined) span.setError(error);
  const endTime = finer(timeAt(source, "endedAt"), performance.timeOrigin + performance.now());
  span.finish(endTime === undefined ? undefined : Math.max(endTime, startTime ?? endTime));
}

/** A model of another provider puts the parts of its usage under `details`. */
function withDetails(usage: UnknownRecord): UnknownRecord {
  const { details, ...counts } = usage;
  return isRecord(details) ? { ...details, ...counts } : counts;
}

/** The SDK's times are whole milliseconds: a call would seem to begin before the tool that has just ended. */
function finer(said: number | undefined, seenAt: number): number | undefined {
  return said !== undefined && seenAt >= said && seenAt - said < 2 ? seenAt : said;
}
