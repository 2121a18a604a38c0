import { describe, expect, test } from "vitest";
import {
  createChildContext,
  createPropagator,
  createRootContext,
  decimalToHex,
  withSamplingDecision,
} from "../src/index.ts";
import { callOpenTelemetry } from "./support/opentelemetry-peer.ts";

describe.each(["tracecontext", "b3", "b3multi"] as const)(
  "OpenTelemetry's %s propagator",
  (style) => {
    const ours = createPropagator({ extract: [style], inject: [style], env: {} });

    test("reads the ids and the decision that are written", () => {
      const contexts = [0, 1, 2].map((priority) =>
        withSamplingDecision(createRootContext(), { priority }),
      );

      const answers = callOpenTelemetry(
        ...contexts.map((context) => ({ propagator: style, extract: ours.inject(context, {}) })),
      );

      expect(answers.map(({ spanContext }) => spanContext?.traceId)).toEqual(
        contexts.map((context) => context.traceIdHex),
      );
      expect(answers.map(({ spanContext }) => spanContext?.spanId)).toEqual(
        contexts.map((context) => decimalToHex(context.spanId)),
      );
      expect(answers.map(({ spanContext }) => (spanContext?.traceFlags ?? 0) & 1)).toEqual([
        0, 1, 1,
      ]);
    });

    test("writes what is read", () => {
      const spanContexts = [0, 1].map((traceFlags) => ({
        traceId: "a".repeat(32),
        spanId: "b".repeat(16),
        traceFlags,
      }));

      const answers = callOpenTelemetry(
        ...spanContexts.map((spanContext) => ({ propagator: style, spanContext })),
      );

      for (const [index, { headers }] of answers.entries()) {
        expect(ours.extract(headers)).toMatchObject({
          traceIdHex: "a".repeat(32),
          spanId: "13527612320720337851",
          samplingPriority: index,
        });
      }
    });
  },
);

test("OpenTelemetry passes on our tracestate member, and we pass on its", () => {
  const ours = createPropagator({ extract: ["tracecontext"], inject: ["tracecontext"], env: {} });
  const received = {
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    tracestate: "vendor=1",
  };
  const sent: Record<string, string> = {};
  ours.inject(createChildContext(ours.extract(received)), sent);

  const [answer] = callOpenTelemetry({ propagator: "tracecontext", extract: sent });

  expect(answer?.headers).toEqual(sent);
  expect(sent["tracestate"]).toMatch(/^dd=s:1;p:[0-9a-f]{16};.*,vendor=1$/);
});

describe("OpenTelemetry's baggage propagator", () => {
  const ours = createPropagator({ extract: ["baggage"], inject: ["baggage"], env: {} });
  const baggage = { "user.id": "Zoë, 42", plain: "value", symbols: 'a=b;c%d"e\\f' };

  test("reads what is written", () => {
    const headers = ours.inject(createRootContext({ baggage }), {});

    const [answer] = callOpenTelemetry({ propagator: "baggage", extract: headers });

    expect(answer?.baggage).toEqual(baggage);
  });

  test("writes what is read", () => {
    const [answer] = callOpenTelemetry({ propagator: "baggage", baggage });

    expect(ours.extract(answer?.headers)?.baggage).toEqual(baggage);
  });
});
