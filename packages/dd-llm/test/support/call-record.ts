import type { CallRecord } from "../../src/span/call-record.ts";
import type { StreamSummary } from "../../src/stream/stream-recorder.ts";

/** A call of which nothing is known but what is given. */
export function callRecord(known: Partial<CallRecord>): CallRecord {
  return {
    call: {
      provider: "openai",
      model: "gpt-4o",
      requestType: "chat",
      metricTags: { team: "search" },
      parameters: { temperature: 0.2, request_type: "fake" },
      startTime: 0,
      elapsedMs: 0,
    },
    usage: {},
    output: {},
    finishReason: undefined,
    stream: undefined,
    streamOutcome: undefined,
    errorClass: undefined,
    durationMs: 0,
    input: [],
    cost: undefined,
    ...known,
  };
}

/** A stream of which nothing is known but what is given. */
export function streamSummary(known: Partial<StreamSummary>): StreamSummary {
  return {
    chunkCount: 0,
    timeToFirstTokenMs: undefined,
    streamingDurationMs: undefined,
    text: "",
    toolCalls: [],
    hasToolCalls: false,
    usage: {},
    finishReason: undefined,
    responseModel: undefined,
    failure: undefined,
    ...known,
  };
}
