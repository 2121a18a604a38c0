import Anthropic from "@anthropic-ai/sdk";
import OldestAnthropic from "@anthropic-ai/sdk-oldest";
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import * as oldestBedrock from "@aws-sdk/client-bedrock-runtime-oldest";
import { GoogleGenAI } from "@google/genai";
import { GoogleGenAI as OldestGoogleGenAI } from "@google/genai-oldest";
import {
  type InstrumentationOptions,
  instrumentAnthropic,
  instrumentBedrock,
  instrumentGoogleGenAI,
  instrumentOpenAI,
} from "@llmdevops/dd-llm";
import type { ProviderServer } from "@llmdevops/dd-testing";
import OpenAI from "openai";
import OldestOpenAI from "openai-oldest";

/** How one call of a target is made. */
interface CallSettings {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** One client of an official SDK. */
export interface SdkClient {
  readonly client: object;
  /** Starts a stream; `controller` is there where the SDK has one. */
  stream(
    settings?: CallSettings,
  ): Promise<AsyncIterable<unknown> & { readonly controller?: AbortController }>;
  /** Makes one call that is not streamed. */
  complete(settings?: CallSettings): Promise<unknown>;
}

/** An SDK in one version, with one of its ways to call a model. */
export interface SdkTarget {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  /** Whether the SDK sends a request again that was refused for now. */
  readonly retries: boolean;
  /** Whether the SDK ends a stream silently at an error event that is not a chunk of its own. */
  readonly hidesMidStreamErrors?: boolean;
  /** Whether the SDK ends a stream silently when its connection breaks, as it does over HTTP/2. */
  readonly hidesBrokenConnections?: boolean;
  /** Whether the SDK lets the request of a stream go on that the application has left. */
  readonly letsLeftStreamsGoOn?: boolean;
  connect(server: ProviderServer): SdkClient;
  instrument(client: object, options: InstrumentationOptions): object;
}

const question = "What is observability?";

type AnthropicClass = typeof Anthropic;
type OpenAIClass = typeof OpenAI;
type GoogleClass = typeof GoogleGenAI;

function anthropicTarget(version: string, Client: AnthropicClass): SdkTarget {
  const request = {
    model: "claude-sonnet-4-6",
    max_tokens: 100,
    messages: [{ role: "user" as const, content: question }],
  };
  return {
    name: `Anthropic ${version}`,
    provider: "anthropic",
    retries: true,
    model: request.model,
    connect(server) {
      const client = new Client({
        apiKey: "test",
        baseURL: server.baseUrls.anthropic,
        maxRetries: 1,
      });
      return {
        client,
        stream: (settings) =>
          client.messages.create({ ...request, stream: true }, requestOptions(settings)),
        complete: (settings) => client.messages.create(request, requestOptions(settings)),
      };
    },
    instrument: (client, options) => instrumentAnthropic(client as Anthropic, options),
  };
}

function openAIChatTarget(version: string, Client: OpenAIClass): SdkTarget {
  const request = {
    model: "gpt-4o",
    messages: [{ role: "user" as const, content: question }],
  };
  return {
    name: `OpenAI Chat ${version}`,
    provider: "openai",
    retries: true,
    model: request.model,
    connect(server) {
      const client = new Client({ apiKey: "test", baseURL: server.baseUrls.openai, maxRetries: 1 });
      return {
        client,
        stream: (settings) =>
          client.chat.completions.create({ ...request, stream: true }, requestOptions(settings)),
        complete: (settings) => client.chat.completions.create(request, requestOptions(settings)),
      };
    },
    instrument: (client, options) => instrumentOpenAI(client as OpenAI, options),
  };
}

function openAIResponsesTarget(version: string, Client: OpenAIClass): SdkTarget {
  const request = { model: "gpt-4o", input: question };
  return {
    name: `OpenAI Responses ${version}`,
    provider: "openai",
    retries: true,
    model: request.model,
    connect(server) {
      const client = new Client({ apiKey: "test", baseURL: server.baseUrls.openai, maxRetries: 1 });
      return {
        client,
        stream: (settings) =>
          client.responses.create({ ...request, stream: true }, requestOptions(settings)),
        complete: (settings) => client.responses.create(request, requestOptions(settings)),
      };
    },
    instrument: (client, options) => instrumentOpenAI(client as OpenAI, options),
  };
}

function googleTarget(
  version: string,
  Client: GoogleClass,
  hidesMidStreamErrors: boolean,
): SdkTarget {
  const model = "gemini-2.5-flash";
  return {
    name: `Google Gen AI ${version}`,
    provider: "google",
    retries: false,
    model,
    hidesMidStreamErrors,
    letsLeftStreamsGoOn: true,
    connect(server) {
      const client = new Client({
        apiKey: "test",
        vertexai: false,
        httpOptions: { baseUrl: server.baseUrls.gemini },
      });
      const request = ({ signal, timeoutMs }: CallSettings = {}) => ({
        model,
        contents: question,
        config: {
          ...(signal === undefined ? {} : { abortSignal: signal }),
          ...(timeoutMs === undefined ? {} : { httpOptions: { timeout: timeoutMs } }),
        },
      });
      return {
        client,
        stream: (settings) => client.models.generateContentStream(request(settings)),
        complete: (settings) => client.models.generateContent(request(settings)),
      };
    },
    instrument: (client, options) => instrumentGoogleGenAI(client as GoogleGenAI, options),
  };
}

const bedrock = {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
};
type BedrockSdk = typeof bedrock;

function bedrockConverseTarget(
  version: string,
  sdk: BedrockSdk,
  hidesBrokenConnections: boolean,
): SdkTarget {
  const modelId = "anthropic.claude-3-5-sonnet-20241022-v2:0";
  const request = {
    modelId,
    messages: [{ role: "user" as const, content: [{ text: question }] }],
  };
  return {
    name: `Bedrock Converse ${version}`,
    provider: "aws",
    retries: true,
    model: modelId,
    hidesBrokenConnections,
    letsLeftStreamsGoOn: true,
    connect(server) {
      const client = bedrockClient(sdk, server);
      return {
        client,
        stream: async (settings) => {
          const command = new sdk.ConverseStreamCommand(request);
          const { stream } = await client.send(command, bedrockOptions(settings));
          if (stream === undefined) throw new Error("The answer has no stream.");
          return stream;
        },
        complete: (settings) =>
          client.send(new sdk.ConverseCommand(request), bedrockOptions(settings)),
      };
    },
    instrument: (client, options) => instrumentBedrock(client as BedrockRuntimeClient, options),
  };
}

function bedrockInvokeTarget(
  version: string,
  sdk: BedrockSdk,
  hidesBrokenConnections: boolean,
): SdkTarget {
  const modelId = "us.anthropic.claude-sonnet-4-20250514-v1:0";
  const request = {
    modelId,
    contentType: "application/json",
    body: JSON.stringify({
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 100,
      messages: [{ role: "user", content: question }],
    }),
  };
  return {
    name: `Bedrock InvokeModel ${version}`,
    provider: "aws",
    retries: true,
    model: modelId,
    hidesBrokenConnections,
    letsLeftStreamsGoOn: true,
    connect(server) {
      const client = bedrockClient(sdk, server);
      return {
        client,
        stream: async (settings) => {
          const command = new sdk.InvokeModelWithResponseStreamCommand(request);
          const { body } = await client.send(command, bedrockOptions(settings));
          if (body === undefined) throw new Error("The answer has no stream.");
          return body;
        },
        complete: (settings) =>
          client.send(new sdk.InvokeModelCommand(request), bedrockOptions(settings)),
      };
    },
    instrument: (client, options) => instrumentBedrock(client as BedrockRuntimeClient, options),
  };
}

function bedrockClient({ BedrockRuntimeClient }: BedrockSdk, server: ProviderServer) {
  return new BedrockRuntimeClient({
    endpoint: server.baseUrls.bedrock,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    retryStrategy: retryAtOnce,
  });
}

/** Asks once more, as the SDK's own strategy does, without its waiting times. */
const retryAtOnce = {
  acquireInitialRetryToken: async () => retryToken(0),
  async refreshRetryTokenForRetry(
    token: ReturnType<typeof retryToken>,
    { errorType }: { readonly errorType: string },
  ) {
    const isForNow = errorType === "THROTTLING" || errorType === "TRANSIENT";
    if (!isForNow || token.getRetryCount() > 0) throw new Error("No attempt is left.");
    return retryToken(1);
  },
  recordSuccess() {},
};

function retryToken(count: number) {
  return { getRetryCount: () => count, getRetryDelay: () => 0 };
}

function requestOptions({ signal, timeoutMs }: CallSettings = {}) {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, maxRetries: 0 }),
  };
}

function bedrockOptions({ signal, timeoutMs }: CallSettings = {}) {
  return {
    ...(signal === undefined ? {} : { abortSignal: signal }),
    ...(timeoutMs === undefined ? {} : { abortSignal: AbortSignal.timeout(timeoutMs) }),
  };
}

// The oldest versions differ in types only where these calls do not look.
const olderOpenAI = OldestOpenAI as unknown as OpenAIClass;
const olderAnthropic = OldestAnthropic as unknown as AnthropicClass;
const olderBedrock = oldestBedrock as unknown as BedrockSdk;
const olderGoogle = OldestGoogleGenAI as unknown as GoogleClass;

/** The official SDKs at both ends of the ranges that dd-llm declares. */
export const sdkTargets: readonly SdkTarget[] = [
  openAIChatTarget("6.49.0", OpenAI),
  openAIChatTarget("4.104.0", olderOpenAI),
  openAIResponsesTarget("6.49.0", OpenAI),
  openAIResponsesTarget("4.104.0", olderOpenAI),
  anthropicTarget("1.11.0", Anthropic),
  anthropicTarget("0.39.0", olderAnthropic),
  googleTarget("2.32.0", GoogleGenAI, false),
  googleTarget("1.9.0", olderGoogle, true),
  bedrockConverseTarget("3.1162.0", bedrock, true),
  bedrockConverseTarget("3.587.0", olderBedrock, false),
  bedrockInvokeTarget("3.1162.0", bedrock, true),
  bedrockInvokeTarget("3.587.0", olderBedrock, false),
];
