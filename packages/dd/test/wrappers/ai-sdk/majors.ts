import type { AISDKTelemetry } from "@llmdevops/dd-llm";
import * as ai7 from "ai";
import { MockLanguageModelV4 } from "ai/test";
import * as ai5 from "ai-5";
import { MockLanguageModelV2 } from "ai-5/test";
import * as ai6 from "ai-6";
import { MockLanguageModelV3 } from "ai-6/test";
import * as ai4 from "ai-oldest";
import { MockLanguageModelV1 } from "ai-oldest/test";
import {
  type ModelCallSettings,
  parts,
  parts1,
  result,
  result1,
  type Script,
  streamOf,
} from "./scripted-model.ts";

/** How one call is made. */
interface CallOptions {
  readonly telemetry?: AISDKTelemetry | undefined;
  readonly recordInputs?: boolean;
  readonly signal?: AbortSignal;
  /** A tool that the model may call. */
  readonly tool?: (input: unknown) => Promise<unknown>;
}

/** The AI SDK in one major. */
export interface Major {
  readonly name: string;
  generate(scripts: readonly Script[], options?: CallOptions): Promise<string>;
  stream(script: Script, options?: CallOptions): AsyncIterable<unknown>;
}

const prompt = "Where is my parcel?";
const inputSchema = { type: "object", properties: { id: { type: "number" } } } as const;

/** Answers one script after the other. */
function answersOf<T>(scripts: readonly Script[], answer: (script: Script) => T): () => Promise<T> {
  const rest = [...scripts];
  return async () => {
    const script = rest.shift() ?? {};
    if (script.refusal !== undefined) throw script.refusal;
    return answer(script);
  };
}

function tracerOf({ telemetry, recordInputs = true }: CallOptions) {
  return telemetry === undefined
    ? {}
    : { experimental_telemetry: { isEnabled: true, tracer: telemetry.tracer, recordInputs } };
}

function signalOf({ signal }: CallOptions) {
  return signal === undefined ? {} : { abortSignal: signal };
}

const identity = { provider: "anthropic.messages", modelId: "claude-sonnet-4-6" };
const common = { prompt, maxRetries: 0, temperature: 0.2 };

/** Its type was not written for exact optional properties. */
function model4(
  settings: Pick<ai4.LanguageModelV1, "doStream"> | Pick<ai4.LanguageModelV1, "doGenerate">,
): ai4.LanguageModelV1 {
  return new MockLanguageModelV1({ ...identity, ...settings }) as ai4.LanguageModelV1;
}

const major4: Major = {
  name: "AI SDK 4.0.0",
  async generate(scripts, options = {}) {
    const model = model4({ doGenerate: answersOf(scripts, result1) as never });
    const { tool } = options;
    const { text } = await ai4.generateText({
      ...common,
      ...tracerOf(options),
      ...signalOf(options),
      model,
      ...(tool === undefined
        ? {}
        : {
            maxSteps: 2,
            tools: { track: ai4.tool({ parameters: ai4.jsonSchema(inputSchema), execute: tool }) },
          }),
    });
    return text;
  },
  stream(script, options = {}) {
    const model = model4({
      doStream: async (settings) => ({
        stream: streamOf(script, parts1(script), settings),
        rawCall: { rawPrompt: null, rawSettings: {} },
      }),
    });
    return ai4.streamText({ ...common, ...tracerOf(options), ...signalOf(options), model })
      .textStream;
  },
};

const doStream =
  (script: Script, specification: 2 | 3 | 4) => async (settings: ModelCallSettings) => {
    if (script.refusal !== undefined) throw script.refusal;
    return { stream: streamOf(script, parts(script, specification), settings) };
  };

const quiet = { onError() {} };

const major5: Major = {
  name: "AI SDK 5.0.277",
  async generate(scripts, options = {}) {
    const model = new MockLanguageModelV2({
      ...identity,
      doGenerate: answersOf(scripts, (script) => result(script, 2)) as never,
    });
    const { tool } = options;
    const { text } = await ai5.generateText({
      ...common,
      ...tracerOf(options),
      ...signalOf(options),
      model,
      ...(tool === undefined
        ? {}
        : {
            stopWhen: ai5.stepCountIs(2),
            tools: { track: ai5.tool({ inputSchema: ai5.jsonSchema(inputSchema), execute: tool }) },
          }),
    });
    return text;
  },
  stream(script, options = {}) {
    const model = new MockLanguageModelV2({ ...identity, doStream: doStream(script, 2) });
    return ai5.streamText({
      ...common,
      ...quiet,
      ...tracerOf(options),
      ...signalOf(options),
      model,
    }).textStream;
  },
};

const major6: Major = {
  name: "AI SDK 6.0.322",
  async generate(scripts, options = {}) {
    const model = new MockLanguageModelV3({
      ...identity,
      doGenerate: answersOf(scripts, (script) => result(script, 3)) as never,
    });
    const { tool } = options;
    const { text } = await ai6.generateText({
      ...common,
      ...tracerOf(options),
      ...signalOf(options),
      model,
      ...(tool === undefined
        ? {}
        : {
            stopWhen: ai6.stepCountIs(2),
            tools: { track: ai6.tool({ inputSchema: ai6.jsonSchema(inputSchema), execute: tool }) },
          }),
    });
    return text;
  },
  stream(script, options = {}) {
    const model = new MockLanguageModelV3({ ...identity, doStream: doStream(script, 3) });
    return ai6.streamText({
      ...common,
      ...quiet,
      ...tracerOf(options),
      ...signalOf(options),
      model,
    }).textStream;
  },
};

function integrationOf({ telemetry, recordInputs }: CallOptions) {
  const { tracer: _tracer, ...integration } = telemetry ?? {};
  return telemetry === undefined
    ? {}
    : {
        telemetry: {
          integrations: [integration],
          ...(recordInputs === undefined ? {} : { recordInputs }),
        },
      };
}

const major7: Major = {
  name: "AI SDK 7.0.173",
  async generate(scripts, options = {}) {
    const model = new MockLanguageModelV4({
      ...identity,
      doGenerate: answersOf(scripts, (script) => result(script, 4)) as never,
    });
    const { tool } = options;
    const { text } = await ai7.generateText({
      ...common,
      ...integrationOf(options),
      ...signalOf(options),
      model,
      ...(tool === undefined
        ? {}
        : {
            stopWhen: ai7.stepCountIs(2),
            tools: { track: ai7.tool({ inputSchema: ai7.jsonSchema(inputSchema), execute: tool }) },
          }),
    });
    return text;
  },
  stream(script, options = {}) {
    const model = new MockLanguageModelV4({ ...identity, doStream: doStream(script, 4) });
    return ai7.streamText({
      ...common,
      ...quiet,
      ...integrationOf(options),
      ...signalOf(options),
      model,
    }).textStream;
  },
};

/** The AI SDK at both ends of the range that dd-llm declares, and the majors between. */
export const majors: readonly Major[] = [major4, major5, major6, major7];
