export { type AmqpProperties, amqpCarrier } from "./carriers/amqp-carrier.ts";
export { asCarrier } from "./carriers/as-carrier.ts";
export { type EnvironmentVariables, environmentCarrier } from "./carriers/environment-carrier.ts";
export { eventBridgeCarrier } from "./carriers/event-bridge-carrier.ts";
export { type GrpcMetadata, grpcCarrier } from "./carriers/grpc-carrier.ts";
export { HeaderCarrier, type HeaderCarrierInit } from "./carriers/header-carrier.ts";
export { type KafkaHeaders, kafkaCarrier } from "./carriers/kafka-carrier.ts";
export { type McpParams, mcpCarrier } from "./carriers/mcp-carrier.ts";
export type {
  MessageAttributes,
  MessageAttributesOptions,
} from "./carriers/message-attributes-carrier.ts";
export { snsCarrier } from "./carriers/sns-carrier.ts";
export { sqsCarrier, sqsMessageCarrier } from "./carriers/sqs-carrier.ts";
export type { TraceContextCarrier } from "./carriers/trace-context-carrier.ts";
export { workerCarrier } from "./carriers/worker-carrier.ts";
export type { TraceStateMember } from "./codecs/trace-state.ts";
export {
  createChildContext,
  createRootContext,
  type RootContextOptions,
  type SamplingDecision,
  sampleByTraceId,
  withSamplingDecision,
} from "./context/derived-context.ts";
export { contextFromHex, type HexContext } from "./context/known-context.ts";
export { hasTraceId, type SpanContext, type SpanContextLink } from "./context/span-context.ts";
export { ConfigurationError } from "./errors/configuration-error.ts";
export {
  type InvalidReason,
  InvalidTraceContextError,
} from "./errors/invalid-trace-context-error.ts";
export { PropagationError } from "./errors/propagation-error.ts";
export { PropagationFailedError } from "./errors/propagation-failed-error.ts";
export { generateSpanId, generateTraceId } from "./identifiers/generate-identifier.ts";
export {
  decimalToHex,
  hexToDecimal,
  traceIdFromHex,
  traceIdToHex,
  traceIdUpperHex,
} from "./identifiers/identifier.ts";
export type { PropagationStyle } from "./propagator/propagation-style.ts";
export { createPropagator, type FaultCounts, type Propagator } from "./propagator/propagator.ts";
export type {
  BaggageOptions,
  ExtractBehavior,
  PropagatorOptions,
} from "./propagator/propagator-options.ts";
