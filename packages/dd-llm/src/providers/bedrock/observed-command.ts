import { isRecord, recordAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import { rememberStreamSignal } from "../../stream/stream-abort.ts";
import { meaningOf } from "../abort-meaning.ts";
import { type ObservedModelCall, quietly } from "../observed-model-call.ts";

/** What a middleware of the SDK gets from those after it: the result, and the HTTP response that it was read from. */
export type CommandResult = Readonly<Record<string, unknown>>;

const countHeaders: readonly (readonly [header: string, name: string])[] = [
  ["x-amzn-bedrock-input-token-count", "inputTokenCount"],
  ["x-amzn-bedrock-output-token-count", "outputTokenCount"],
  ["x-amzn-bedrock-cache-read-input-token-count", "cacheReadInputTokenCount"],
  ["x-amzn-bedrock-cache-write-input-token-count", "cacheWriteInputTokenCount"],
];

/**
 * Runs one command and records what becomes of it.
 *
 * @param signal What the application stops the command with.
 */
export async function observeCommand(
  call: ObservedModelCall,
  send: () => Promise<CommandResult>,
  signal: AbortSignal | undefined,
): Promise<CommandResult> {
  try {
    const result = await call.run(send);
    quietly(() => succeed(call, result, signal));
    return result;
  } catch (error) {
    quietly(() => describe(call, isRecord(error) ? recordAt(error, "$metadata") : {}));
    call.failed(signal?.aborted === true ? meaningOf(error, signal) : error);
    throw error;
  }
}

function succeed(
  call: ObservedModelCall,
  { output, response }: CommandResult,
  signal: AbortSignal | undefined,
): void {
  if (!isRecord(output)) {
    call.left();
    return;
  }
  const headers = isRecord(response) ? recordAt(response, "headers") : {};
  call.responded(undefined, headers);
  describe(call, recordAt(output, "$metadata"));
  const stream = output["stream"] ?? output["body"];
  if (!isRecord(stream) || !(Symbol.asyncIterator in stream)) {
    call.succeeded(output, countsOf(headers));
    return;
  }
  if (signal !== undefined) rememberStreamSignal(stream, signal);
  call.succeeded(stream);
}

/** Retries are the SDK's own, so only their number is known. */
function describe(call: ObservedModelCall, metadata: UnknownRecord): void {
  const { requestId, attempts, httpStatusCode } = metadata;
  call.describe({
    "llm.request_id": requestId,
    "http.status_code": httpStatusCode,
    "llm.retries": typeof attempts === "number" && attempts > 1 ? attempts - 1 : undefined,
  });
}

/**
 * Models whose own form has no counts (Cohere, Mistral, AI21) are counted in the headers of an answer
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-invoke.html).
 */
function countsOf(headers: UnknownRecord): UnknownRecord | undefined {
  const counts: Record<string, number> = {};
  for (const [header, name] of countHeaders) {
    const count = headers[header];
    if (typeof count === "string" && /^\d{1,12}$/.test(count)) counts[name] = Number(count);
  }
  return Object.keys(counts).length === 0 ? undefined : counts;
}
