import { readFileSync } from "node:fs";
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { B3InjectEncoding, B3Propagator } from "@opentelemetry/propagator-b3";
import type { PeerAnswer, PeerCall } from "./opentelemetry-peer.ts";

// Answers a list of calls on its input with a list of answers on its output.
const propagators: Readonly<Record<PeerCall["propagator"], TextMapPropagator>> = {
  tracecontext: new W3CTraceContextPropagator(),
  baggage: new W3CBaggagePropagator(),
  b3: new B3Propagator({ injectEncoding: B3InjectEncoding.SINGLE_HEADER }),
  b3multi: new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER }),
};

function answer(call: PeerCall): PeerAnswer {
  const propagator = propagators[call.propagator];
  let context = ROOT_CONTEXT;
  if (call.spanContext) context = trace.setSpanContext(context, call.spanContext);
  if (call.baggage) {
    const entries = Object.entries(call.baggage).map(([key, value]) => [key, { value }]);
    const baggage = propagation.createBaggage(Object.fromEntries(entries));
    context = propagation.setBaggage(context, baggage);
  }
  if (call.extract) context = propagator.extract(context, call.extract, defaultTextMapGetter);
  const headers = {};
  propagator.inject(context, headers, defaultTextMapSetter);
  const items = propagation.getBaggage(context)?.getAllEntries() ?? [];
  const baggage = Object.fromEntries(items.map(([key, { value }]) => [key, value]));
  const spanContext = trace.getSpanContext(context);
  if (spanContext === undefined) return { baggage, headers };
  const { traceId, spanId, traceFlags } = spanContext;
  return { spanContext: { traceId, spanId, traceFlags }, baggage, headers };
}

const calls: readonly PeerCall[] = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calls.map(answer)));
