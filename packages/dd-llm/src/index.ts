export type { ContentMode, ContentOptions, ContentPart } from "./content/content-policy.ts";
export type { ContentSamplingOptions } from "./content/content-sampling.ts";
export type { ContentKind } from "./content/policy-of-call.ts";
export type { CallCost } from "./cost/call-cost.ts";
export type { BudgetStatus, CostBudget } from "./cost/cost-budget.ts";
export type { ModelAlias } from "./cost/model-aliases.ts";
export type { PriceUpdate } from "./cost/update-prices.ts";
export type { ModelPrice } from "./cost/user-prices.ts";
export { classifyLLMError, type LLMErrorClass } from "./errors/error-class.ts";
export type { Evaluation, Feedback, JudgedSpan } from "./evaluation/record-evaluation.ts";
export type { FinishReason } from "./formats/finish-reason.ts";
export { createLLM, type LLM } from "./llm.ts";
export { llmOptionNames } from "./llm-option-names.ts";
export type { LLMOptions } from "./llm-options.ts";
export type {
  OperationKind,
  OperationOptions,
  TraceOperationOptions,
} from "./operation/operation-options.ts";
export type { OperationSpan, RetrievedDocument } from "./operation/operation-span.ts";
export type {
  AgentRecorder,
  FrameworkOutcome,
  RecordedAgent,
  RecordedTool,
  StepRecorder,
} from "./providers/agent-recorder.ts";
export type { AISDKRecorder, AISDKTelemetryOptions } from "./providers/ai-sdk/ai-sdk-options.ts";
export { type AISDKTelemetry, aiSdkTelemetry } from "./providers/ai-sdk/ai-sdk-telemetry.ts";
export {
  type AnthropicClient,
  instrumentAnthropic,
} from "./providers/anthropic/instrument-anthropic.ts";
export { type BedrockClient, instrumentBedrock } from "./providers/bedrock/instrument-bedrock.ts";
export type { ClaudeAgentOptions } from "./providers/claude-agent/claude-agent-options.ts";
export {
  type ClaudeQuery,
  instrumentClaudeAgent,
} from "./providers/claude-agent/instrument-claude-agent.ts";
export {
  type GoogleGenAIClient,
  instrumentGoogleGenAI,
} from "./providers/google/instrument-google-gen-ai.ts";
export type { InstrumentationOptions, LLMRecorder } from "./providers/instrumentation-options.ts";
export {
  createLangChainHandler,
  type LangChainHandler,
} from "./providers/langchain/langchain-handler.ts";
export type {
  LangChainAgentRecorder,
  LangChainOptions,
  LangChainRecorder,
} from "./providers/langchain/langchain-options.ts";
export { instrumentMcpClient, type McpClient } from "./providers/mcp/instrument-mcp-client.ts";
export { instrumentMcpServer, type McpServer } from "./providers/mcp/instrument-mcp-server.ts";
export type {
  McpInstrumentationOptions,
  McpRecorder,
  McpTracing,
} from "./providers/mcp/mcp-options.ts";
export {
  instrumentOpenAI,
  type OpenAIClient,
  type OpenAIInstrumentationOptions,
} from "./providers/openai/instrument-openai.ts";
export type { AgentsDropReason } from "./providers/openai-agents/agents-trace.ts";
export type { OpenAIAgentsOptions } from "./providers/openai-agents/openai-agents-options.ts";
export {
  createOpenAIAgentsProcessor,
  type OpenAIAgentsProcessor,
  type OpenAIAgentsReport,
} from "./providers/openai-agents/openai-agents-processor.ts";
export { uninstrument } from "./providers/replaced-method.ts";
export type { DurationMetricType } from "./span/call-metrics.ts";
export type { LLMSpan, LLMTracing, ObservableStream } from "./span/llm-span.ts";
export type { LLMRequestType, LLMSpanOptions, TraceLLMOptions } from "./span/llm-span-options.ts";
export type { StreamOptions } from "./stream/observe-stream.ts";
export type { EventEmitterLike, StreamEvents } from "./stream/observed-event-emitter.ts";
export type {
  ReadableStreamLike,
  ReadableStreamReaderLike,
} from "./stream/observed-readable-stream.ts";
export type { StreamOutcome } from "./stream/stream-outcome.ts";
export { normalizeUsage } from "./usage/normalize-usage.ts";
export type { TokenUsage } from "./usage/token-usage.ts";
