/** What a model says, for every specification of the AI SDK's language models. */
export interface Script {
  readonly texts?: readonly string[];
  readonly toolCall?: { readonly name: string; readonly input: string };
  /** Tokens of the prompt, the cache included. */
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output?: number;
  /** Ends the stream with this error after its texts. */
  readonly streamError?: Error;
  /** What the provider reports inside its stream, after the texts. */
  readonly errorPart?: object;
  /** Never ends the stream; an abort of the request errors it, as `fetch` does. */
  readonly isHeld?: boolean;
  /** Refuses the request. */
  readonly refusal?: Error;
}

/** What a model is asked with, as far as a script looks at it. */
export interface ModelCallSettings {
  readonly abortSignal?: AbortSignal | undefined;
}

type Part = Readonly<Record<string, unknown>>;

const finish = (script: Script) => (script.toolCall === undefined ? "stop" : "tool-calls");

function tokens(script: Script) {
  const { input = 120, cacheRead = 100, cacheWrite = 0, output = 30 } = script;
  return { input, cacheRead, cacheWrite, output };
}

/** Counts as the Anthropic provider of the majors 4 and 5 gives them: without the cache. */
function olderCounts(script: Script) {
  const { input, cacheRead, cacheWrite, output } = tokens(script);
  return {
    uncached: input - cacheRead - cacheWrite,
    output,
    providerMetadata: {
      anthropic: {
        cacheReadInputTokens: cacheRead,
        cacheCreationInputTokens: cacheWrite,
      },
    },
  };
}

/** Specification 1, of AI SDK 4. */
export function parts1(script: Script): Part[] {
  const { uncached, output, providerMetadata } = olderCounts(script);
  return [
    ...(script.texts ?? []).map((textDelta) => ({ type: "text-delta", textDelta })),
    ...(script.toolCall === undefined
      ? []
      : [
          {
            type: "tool-call",
            toolCallType: "function",
            toolCallId: "t1",
            toolName: script.toolCall.name,
            args: script.toolCall.input,
          },
        ]),
    {
      type: "finish",
      finishReason: finish(script),
      usage: { promptTokens: uncached, completionTokens: output },
      providerMetadata,
    },
  ];
}

export function result1(script: Script): Part {
  const { uncached, output, providerMetadata } = olderCounts(script);
  return {
    text: (script.texts ?? []).join(""),
    toolCalls:
      script.toolCall === undefined
        ? []
        : [
            {
              toolCallType: "function" as const,
              toolCallId: "t1",
              toolName: script.toolCall.name,
              args: script.toolCall.input,
            },
          ],
    finishReason: finish(script),
    usage: { promptTokens: uncached, completionTokens: output },
    providerMetadata,
    rawCall: { rawPrompt: null, rawSettings: {} },
  };
}

/** Specifications 2 (AI SDK 5), 3 (6) and 4 (7), which differ in their counts. */
export function parts(script: Script, specification: 2 | 3 | 4): Part[] {
  return [
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", id: "r1", modelId: "claude-sonnet-4-6" },
    { type: "text-start", id: "1" },
    ...(script.texts ?? []).map((delta) => ({ type: "text-delta", id: "1", delta })),
    { type: "text-end", id: "1" },
    ...toolParts(script),
    { type: "finish", ...facts(script, specification) },
  ];
}

export function result(script: Script, specification: 2 | 3 | 4): Part {
  return {
    content: [
      ...(script.texts === undefined ? [] : [{ type: "text", text: script.texts.join("") }]),
      ...toolParts(script),
    ],
    response: { id: "r1", modelId: "claude-sonnet-4-6", headers: { "request-id": "req_1" } },
    warnings: [],
    ...facts(script, specification),
  };
}

function toolParts({ toolCall }: Script): Part[] {
  return toolCall === undefined
    ? []
    : [{ type: "tool-call", toolCallId: "t1", toolName: toolCall.name, input: toolCall.input }];
}

function facts(script: Script, specification: 2 | 3 | 4): Part {
  if (specification === 2) {
    const { uncached, output, providerMetadata } = olderCounts(script);
    return {
      finishReason: finish(script),
      usage: {
        inputTokens: uncached,
        outputTokens: output,
        totalTokens: uncached + output,
        cachedInputTokens: tokens(script).cacheRead,
      },
      providerMetadata,
    };
  }
  const { input, cacheRead, cacheWrite, output } = tokens(script);
  return {
    finishReason: {
      unified: finish(script),
      raw: script.toolCall === undefined ? "end_turn" : "tool_use",
    },
    usage: {
      inputTokens: { total: input, noCache: input - cacheRead - cacheWrite, cacheRead, cacheWrite },
      outputTokens: { total: output, text: output, reasoning: 0 },
    },
    providerMetadata: { anthropic: { cacheCreationInputTokens: cacheWrite } },
  };
}

/** The stream of a script. */
export function streamOf(
  script: Script,
  content: readonly Part[],
  { abortSignal }: ModelCallSettings,
): ReadableStream<never> {
  const sent = script.isHeld === true || script.streamError !== undefined;
  const rest = [...(sent ? content.slice(0, -1) : content)];
  if (script.errorPart !== undefined)
    rest.splice(-1, 0, { type: "error", error: script.errorPart });
  return new ReadableStream<Part>({
    start(controller) {
      abortSignal?.addEventListener("abort", () => controller.error(abortSignal.reason));
    },
    pull(controller) {
      const part = rest.shift();
      if (part !== undefined) controller.enqueue(part);
      else if (script.streamError !== undefined) controller.error(script.streamError);
      else if (script.isHeld !== true) controller.close();
    },
  }) as ReadableStream<never>;
}
