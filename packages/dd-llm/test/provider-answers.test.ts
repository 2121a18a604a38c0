import { describe, expect, test } from "vitest";
import { readChunk, readModelOutput } from "../src/formats/read-output.ts";
import { StreamRecorder } from "../src/stream/stream-recorder.ts";

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
/** As Amazon Bedrock's InvokeModelWithResponseStream sends them. */
const onBedrock = (...events: object[]) =>
  events.map((event) => ({ chunk: { bytes: json(event) } }));

function streamed(events: readonly unknown[]) {
  const recorder = new StreamRecorder(0, true, () => 1);
  for (const event of events) recorder.record(readChunk(event));
  const { text, toolCalls, usage, finishReason, responseModel, timeToFirstTokenMs } =
    recorder.summary();
  return {
    text,
    toolCalls,
    usage,
    finishReason,
    responseModel,
    hasContent: timeToFirstTokenMs === 1,
  };
}

const weather = { id: "c1", type: "function", function: { name: "weather", arguments: "{}" } };

describe("complete answers", () => {
  test.for([
    [
      // https://docs.cohere.com/reference/chat
      "Cohere",
      {
        id: "1",
        finish_reason: "COMPLETE",
        message: {
          role: "assistant",
          content: [
            { type: "text", text: "Hel" },
            { type: "text", text: "lo" },
          ],
        },
        usage: {
          billed_units: { input_tokens: 5, output_tokens: 2 },
          tokens: { input_tokens: 70 },
        },
      },
      {
        text: "Hello",
        finishReason: "COMPLETE",
        usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
      },
    ],
    [
      "Cohere that asks for a tool",
      {
        finish_reason: "TOOL_CALL",
        message: { role: "assistant", tool_plan: "I look.", tool_calls: [weather] },
        usage: { tokens: { input_tokens: 70, output_tokens: 3 } },
      },
      {
        toolCalls: [{ id: "c1", name: "weather", arguments: "{}" }],
        finishReason: "TOOL_CALL",
        usage: { inputTokens: 70, outputTokens: 3, totalTokens: 73 },
      },
    ],
    [
      // https://docs.cohere.com/v1/reference/chat
      "Cohere's first version",
      {
        text: "Hello",
        generation_id: "g",
        finish_reason: "COMPLETE",
        meta: { billed_units: { input_tokens: 5, output_tokens: 2 } },
      },
      {
        text: "Hello",
        finishReason: "COMPLETE",
        usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
      },
    ],
    [
      // https://docs.cohere.com/reference/embed
      "Cohere's embeddings",
      { id: "1", embeddings: { float: [[0.1]] }, meta: { billed_units: { input_tokens: 4 } } },
      { usage: { inputTokens: 4 } },
    ],
    [
      // https://github.com/ollama/ollama/blob/main/docs/api.md
      "Ollama's chat",
      {
        model: "llama3.2",
        message: {
          role: "assistant",
          content: "Hi",
          tool_calls: [{ function: { name: "weather", arguments: { city: "Graz" } } }],
        },
        done: true,
        done_reason: "stop",
        prompt_eval_count: 26,
        eval_count: 4,
      },
      {
        text: "Hi",
        toolCalls: [{ name: "weather", arguments: '{"city":"Graz"}' }],
        finishReason: "stop",
        responseModel: "llama3.2",
        usage: { inputTokens: 26, outputTokens: 4, totalTokens: 30 },
      },
    ],
    [
      "Ollama's completion",
      { model: "llama3.2", response: "Hi", done: true, prompt_eval_count: 2, eval_count: 1 },
      {
        text: "Hi",
        responseModel: "llama3.2",
        usage: { inputTokens: 2, outputTokens: 1, totalTokens: 3 },
      },
    ],
    [
      "Ollama's embeddings",
      { model: "all-minilm", embeddings: [[0.1]], prompt_eval_count: 8 },
      { responseModel: "all-minilm", usage: { inputTokens: 8 } },
    ],
    [
      // https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api
      "embeddings of Vertex AI",
      {
        embeddings: [
          { values: [0.1], statistics: { tokenCount: 3, truncated: false } },
          { values: [0.2], statistics: { tokenCount: 4 } },
        ],
        metadata: { billableCharacterCount: 30 },
      },
      { usage: { inputTokens: 7 } },
    ],
    [
      // https://platform.openai.com/docs/guides/tools-web-search
      "OpenAI Responses with searches, of which opening a page is none",
      {
        model: "gpt-5",
        status: "completed",
        output: [
          { type: "web_search_call", status: "completed", action: { type: "search", query: "q" } },
          { type: "web_search_call", status: "completed", action: { type: "open_page", url: "u" } },
          { type: "web_search_call", status: "failed", action: { type: "search", query: "q" } },
          { type: "web_search_call", status: "completed" },
          { type: "custom_tool_call", call_id: "c2", name: "patch", input: "*** Begin" },
          { type: "message", content: [{ type: "output_text", text: "Found." }] },
        ],
        usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15, input_tokens_details: {} },
      },
      {
        text: "Found.",
        toolCalls: [{ id: "c2", name: "patch", arguments: "*** Begin" }],
        finishReason: "completed",
        responseModel: "gpt-5",
        usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15, webSearchRequests: 2 },
      },
    ],
    [
      "a response in the background, which has not begun",
      { status: "queued", model: "gpt-5", output: [], usage: null },
      { text: "", toolCalls: [], finishReason: "queued", responseModel: "gpt-5" },
    ],
    [
      // https://github.com/vercel/ai/blob/main/packages/deepseek/CHANGELOG.md
      "DeepSeek by an older AI SDK, whose cache stands in the metadata",
      {
        text: "Hello",
        finishReason: "stop",
        usage: { promptTokens: 10, completionTokens: 2 },
        experimental_providerMetadata: { deepseek: { promptCacheHitTokens: 6 } },
      },
      {
        text: "Hello",
        finishReason: "stop",
        usage: { inputTokens: 10, outputTokens: 2, totalTokens: 12, cacheReadInputTokens: 6 },
      },
    ],
    [
      // https://docs.mistral.ai/capabilities/reasoning
      "Mistral that thinks, whose answer comes in parts",
      {
        model: "magistral-medium-2509",
        choices: [
          {
            index: 0,
            message: {
              role: "assistant",
              content: [
                { type: "thinking", thinking: [{ type: "text", text: "Why?" }] },
                { type: "text", text: "Hello" },
              ],
            },
            finish_reason: "stop",
          },
        ],
      },
      {
        text: "Hello",
        toolCalls: [],
        finishReason: "stop",
        responseModel: "magistral-medium-2509",
      },
    ],
    [
      // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command.html
      "Cohere Command on Amazon Bedrock",
      {
        body: json({ generations: [{ text: "Hi", finish_reason: "COMPLETE" }], prompt: "Say hi" }),
      },
      { text: "Hi", finishReason: "COMPLETE" },
    ],
    [
      // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-jurassic2.html
      "AI21 Jurassic on Amazon Bedrock",
      {
        body: json({
          id: 1,
          prompt: { text: "Say hi", tokens: [{}] },
          completions: [
            { data: { text: "Hi", tokens: [{}] }, finishReason: { reason: "endoftext" } },
          ],
        }),
      },
      { text: "Hi", finishReason: "endoftext" },
    ],
    [
      // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html
      "Mistral Large on Amazon Bedrock",
      {
        body: json({
          choices: [
            { index: 0, message: { role: "assistant", content: "Hi" }, stop_reason: "stop" },
          ],
        }),
      },
      { text: "Hi", toolCalls: [], finishReason: "stop" },
    ],
    [
      // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html
      "DeepSeek on Amazon Bedrock",
      { body: json({ choices: [{ text: "Hi", stop_reason: "length" }] }) },
      { text: "Hi", toolCalls: [], finishReason: "length" },
    ],
    [
      // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
      "Titan's embeddings",
      { body: json({ embedding: [0.1], inputTextTokenCount: 8 }) },
      { usage: { inputTokens: 8 } },
    ],
  ] as const)("%s", ([, answer, expected]) => {
    expect(readModelOutput(answer)).toEqual(expected);
  });
});

describe("streams", () => {
  const counted = { inputTokens: 5, outputTokens: 2, totalTokens: 7 };
  const metrics = { inputTokenCount: 5, outputTokenCount: 2 };

  test.for([
    [
      // https://console.groq.com/docs/api-reference#chat-create
      "Groq has its usage in a place of its own",
      [
        { choices: [{ index: 0, delta: { content: "Hello" } }] },
        {
          choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
          x_groq: { usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
        },
      ],
      { text: "Hello", usage: counted, finishReason: "stop" },
    ],
    [
      // https://learn.microsoft.com/azure/ai-foundry/openai/how-to/content-streaming
      "Azure filters the prompt before anything is written",
      [
        {
          choices: [],
          model: "",
          id: "",
          object: "",
          prompt_filter_results: [{ prompt_index: 0 }],
        },
        { choices: [{ index: 0, delta: { content: "Hello" } }], model: "gpt-4o-2024-08-06" },
        { choices: [{ index: 0, finish_reason: null, content_filter_offsets: {} }], model: "" },
        { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
        { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
      ],
      {
        text: "Hello",
        usage: counted,
        finishReason: "stop",
        responseModel: "gpt-4o-2024-08-06",
      },
    ],
    [
      // https://docs.cohere.com/v2/docs/streaming
      "Cohere",
      [
        { type: "message-start", id: "1", delta: { message: { role: "assistant" } } },
        { type: "content-start", index: 0, delta: { message: { content: { type: "text" } } } },
        { type: "content-delta", index: 0, delta: { message: { content: { text: "Hel" } } } },
        { type: "content-delta", index: 0, delta: { message: { content: { text: "lo" } } } },
        { type: "content-end", index: 0 },
        {
          type: "message-end",
          delta: {
            finish_reason: "COMPLETE",
            usage: { billed_units: { input_tokens: 5, output_tokens: 2 } },
          },
        },
      ],
      { text: "Hello", usage: counted, finishReason: "COMPLETE" },
    ],
    [
      "Cohere that asks for a tool",
      [
        { type: "tool-plan-delta", delta: { message: { tool_plan: "I" } } },
        {
          type: "tool-call-start",
          index: 0,
          delta: {
            message: { tool_calls: { ...weather, function: { name: "weather", arguments: "" } } },
          },
        },
        {
          type: "tool-call-delta",
          index: 0,
          delta: { message: { tool_calls: { function: { arguments: '{"city":' } } } },
        },
        {
          type: "tool-call-delta",
          index: 0,
          delta: { message: { tool_calls: { function: { arguments: '"Graz"}' } } } },
        },
      ],
      { toolCalls: [{ id: "c1", name: "weather", arguments: '{"city":"Graz"}' }] },
    ],
    [
      // https://docs.cohere.com/v1/docs/streaming
      "Cohere's first version, whose last event repeats the answer",
      [
        { event_type: "stream-start", generation_id: "g", is_finished: false },
        { event_type: "tool-calls-generation", text: "I look.", is_finished: false },
        { event_type: "text-generation", text: "Hel", is_finished: false },
        { event_type: "text-generation", text: "lo", is_finished: false },
        {
          event_type: "stream-end",
          is_finished: true,
          finish_reason: "COMPLETE",
          response: {
            text: "Hello",
            meta: { billed_units: { input_tokens: 5, output_tokens: 2 } },
          },
        },
      ],
      { text: "Hello", usage: counted, finishReason: "COMPLETE" },
    ],
    [
      "Cohere Command R on Amazon Bedrock",
      onBedrock(
        { event_type: "text-generation", text: "Hello", is_finished: false },
        {
          event_type: "stream-end",
          is_finished: true,
          finish_reason: "COMPLETE",
          response: { text: "Hello" },
          "amazon-bedrock-invocationMetrics": metrics,
        },
      ),
      { text: "Hello", usage: counted, finishReason: "COMPLETE" },
    ],
    [
      "Cohere Command on Amazon Bedrock",
      onBedrock(
        { text: "Hello", is_finished: false, index: 0 },
        {
          is_finished: true,
          finish_reason: "COMPLETE",
          index: 0,
          "amazon-bedrock-invocationMetrics": metrics,
        },
      ),
      { text: "Hello", usage: counted, finishReason: "COMPLETE" },
    ],
    [
      "DeepSeek on Amazon Bedrock",
      onBedrock(
        { choices: [{ text: "Hello", stop_reason: null }] },
        {
          choices: [{ text: "", stop_reason: "stop" }],
          "amazon-bedrock-invocationMetrics": metrics,
        },
      ),
      { text: "Hello", usage: counted, finishReason: "stop" },
    ],
    [
      "Ollama",
      [
        { model: "llama3.2", message: { role: "assistant", content: "Hel" }, done: false },
        { model: "llama3.2", message: { role: "assistant", content: "lo" }, done: false },
        {
          model: "llama3.2",
          message: { role: "assistant", content: "" },
          done: true,
          done_reason: "stop",
          prompt_eval_count: 5,
          eval_count: 2,
        },
      ],
      { text: "Hello", usage: counted, finishReason: "stop", responseModel: "llama3.2" },
    ],
    [
      // https://platform.openai.com/docs/api-reference/realtime-server-events/response/done
      "OpenAI's Realtime API",
      [
        { type: "response.created", response: { status: "in_progress", output: [] } },
        { type: "response.output_audio.delta", delta: "UklGRg==" },
        { type: "response.output_audio_transcript.delta", delta: "Hello" },
        {
          type: "response.done",
          response: {
            status: "completed",
            output: [],
            usage: {
              input_tokens: 5,
              output_tokens: 2,
              total_tokens: 7,
              input_token_details: { text_tokens: 1, audio_tokens: 4, cached_tokens: 0 },
              output_token_details: { text_tokens: 1, audio_tokens: 1 },
            },
          },
        },
      ],
      {
        text: "Hello",
        finishReason: "completed",
        usage: {
          ...counted,
          cacheReadInputTokens: 0,
          inputAudioTokens: 4,
          outputAudioTokens: 1,
        },
      },
    ],
    [
      "OpenAI Responses with a search and a tool whose input is free text",
      [
        {
          type: "response.output_item.added",
          output_index: 1,
          item: { type: "custom_tool_call", call_id: "c2", name: "patch", input: "" },
        },
        { type: "response.custom_tool_call_input.delta", output_index: 1, delta: "*** " },
        { type: "response.custom_tool_call_input.delta", output_index: 1, delta: "Begin" },
        {
          type: "response.incomplete",
          response: {
            status: "incomplete",
            incomplete_details: { reason: "max_output_tokens" },
            output: [{ type: "web_search_call", status: "completed", action: { type: "search" } }],
            usage: {
              input_tokens: 5,
              output_tokens: 2,
              total_tokens: 7,
              input_tokens_details: {},
            },
          },
        },
      ],
      {
        toolCalls: [{ id: "c2", name: "patch", arguments: "*** Begin" }],
        finishReason: "max_output_tokens",
        usage: { ...counted, webSearchRequests: 1 },
      },
    ],
    [
      // https://platform.openai.com/docs/api-reference/audio/transcript-text-done-event
      "a transcription",
      [
        { type: "transcript.text.delta", delta: "Hello" },
        {
          type: "transcript.text.done",
          text: "Hello",
          usage: {
            type: "tokens",
            input_tokens: 5,
            output_tokens: 2,
            total_tokens: 7,
            input_token_details: { audio_tokens: 4, text_tokens: 1 },
          },
        },
      ],
      { text: "Hello", usage: { ...counted, inputAudioTokens: 4 } },
    ],
    [
      // https://platform.openai.com/docs/api-reference/audio/speech-audio-done-event
      "speech",
      [
        { type: "speech.audio.delta", audio: "UklGRg==" },
        {
          type: "speech.audio.done",
          usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
        },
      ],
      { usage: counted },
    ],
    [
      // https://platform.openai.com/docs/api-reference/images-streaming/image_generation/completed
      "an image",
      [
        {
          type: "image_generation.completed",
          b64_json: "iVBORw0KGgo=",
          usage: {
            input_tokens: 5,
            output_tokens: 2,
            total_tokens: 7,
            input_tokens_details: { image_tokens: 0, text_tokens: 5 },
          },
        },
      ],
      { usage: { ...counted, inputImageTokens: 0 } },
    ],
    [
      // https://docs.claude.com/en/docs/build-with-claude/streaming
      "Anthropic with a search of the web, whose closing event counts everything again",
      [
        {
          type: "message_start",
          message: { model: "claude-sonnet-4-6", usage: { input_tokens: 3, output_tokens: 1 } },
        },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } },
        {
          type: "message_delta",
          delta: { stop_reason: "end_turn" },
          usage: {
            input_tokens: 5,
            output_tokens: 2,
            cache_read_input_tokens: null,
            server_tool_use: { web_search_requests: 1 },
          },
        },
      ],
      {
        text: "Hello",
        finishReason: "end_turn",
        responseModel: "claude-sonnet-4-6",
        usage: { ...counted, webSearchRequests: 1 },
      },
    ],
    [
      "Mistral that thinks, in parts",
      [
        { choices: [{ index: 0, delta: { role: "assistant", content: "" } }] },
        {
          choices: [
            {
              index: 0,
              delta: {
                content: [{ type: "thinking", thinking: [{ type: "text", text: "Why?" }] }],
              },
            },
          ],
        },
        { choices: [{ index: 0, delta: { content: [{ type: "text", text: "Hello" }] } }] },
      ],
      { text: "Hello" },
    ],
    [
      // https://openrouter.ai/docs/features/multimodal/image-generation
      "an image of OpenRouter, which is content without text",
      [{ choices: [{ index: 0, delta: { images: [{ type: "image_url" }] } }] }],
      {},
    ],
    [
      // https://ai.google.dev/gemini-api/docs/image-generation
      "an image of Gemini, which is content without text",
      [
        {
          candidates: [
            { content: { parts: [{ inlineData: { mimeType: "image/png", data: "" } }] } },
          ],
        },
      ],
      {},
    ],
    [
      // https://ai.google.dev/gemini-api/docs/thinking
      "Gemini with usage in its last chunk only",
      [
        { candidates: [{ content: { parts: [{ text: "Why", thought: true }] } }] },
        { candidates: [{ content: { parts: [{ text: "Hello" }] } }] },
        {
          candidates: [{ content: { parts: [] }, finishReason: "STOP" }],
          usageMetadata: {
            promptTokenCount: 5,
            candidatesTokenCount: 1,
            thoughtsTokenCount: 1,
            totalTokenCount: 7,
          },
        },
      ],
      { text: "Hello", finishReason: "STOP", usage: { ...counted, reasoningOutputTokens: 1 } },
    ],
  ] as const)("%s", ([, events, expected]) => {
    expect(streamed(events)).toEqual({
      text: "",
      toolCalls: [],
      usage: {},
      finishReason: undefined,
      responseModel: undefined,
      hasContent: true,
      ...expected,
    });
  });

  test("an AI SDK's piece of a tool call is not taken for one of Cohere's", () => {
    const part = {
      type: "tool-call-delta",
      toolCallId: "c1",
      toolName: "weather",
      argsTextDelta: "{",
    };

    expect(streamed([part]).toolCalls).toEqual([{ id: "c1", name: "weather", arguments: "" }]);
  });
});
