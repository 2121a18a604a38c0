import { gzipSync } from "node:zlib";
import {
  type ISerializer,
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { otlpTraces } from "../../src/agent/otlp/otlp-messages.ts";
import { readProtobuf } from "../../src/agent/otlp/protobuf-reader.ts";
import { TracePayloadError } from "../../src/agent/traces/trace-payload-error.ts";
import { withAgent } from "../support/with-agent.ts";

// The serialisers read plain objects; what makes those is no part of this test.
const resource = {
  attributes: {
    "service.name": "shop",
    "deployment.environment.name": "test",
    "service.version": "1.2",
  },
};
const instrumentationScope = { name: "test", version: "1" };
const traceId = "0123456789abcdef0123456789abcdef";

function context(spanId: string): object {
  return { traceId, spanId, traceFlags: 1, traceState: { serialize: () => "dd=s:1" } };
}

const spans = [
  {
    spanContext: () => context("00000000000000a1"),
    parentSpanContext: { spanId: "00000000000000a0" },
    name: "GET /orders",
    kind: 1,
    startTime: [1_700_000_000, 5],
    endTime: [1_700_000_000, 2_500_005],
    attributes: {
      "http.route": "/orders",
      "retry.count": 2,
      share: 0.5,
      ok: true,
      list: ["a", 1],
      negative: -7,
    },
    events: [{ time: [1_700_000_000, 7], name: "cache.miss", attributes: { key: "k" } }],
    links: [{ context: context("00000000000000b1"), attributes: { why: "retry" } }],
    status: { code: 2, message: "gone" },
    resource,
    instrumentationScope,
  },
];

const logs = [
  {
    hrTime: [1_700_000_000, 6_000_000],
    hrTimeObserved: [1_700_000_001, 0],
    severityNumber: 17,
    body: "order failed",
    attributes: { "order.id": 7 },
    spanContext: context("00000000000000a1"),
    resource,
    instrumentationScope,
  },
];

function metric(name: string, dataPointType: number, value: unknown, more: object = {}): object {
  return {
    descriptor: { name, unit: "ms", description: "", valueType: 1 },
    dataPointType,
    aggregationTemporality: 0,
    dataPoints: [
      {
        startTime: [1_700_000_000, 0],
        endTime: [1_700_000_010, 0],
        attributes: { route: "/" },
        value,
      },
    ],
    ...more,
  };
}

const metrics = {
  resource,
  scopeMetrics: [
    {
      scope: instrumentationScope,
      metrics: [
        metric("orders", 3, 5, { isMonotonic: true }),
        metric("balance", 2, -2.5),
        metric("change", 2, -3, {
          descriptor: { name: "change", unit: "ms", description: "", valueType: 0 },
        }),
        metric("latency", 0, {
          count: 3,
          sum: 6.5,
          min: 1,
          max: 4,
          buckets: { boundaries: [1, 2], counts: [1, 0, 2] },
        }),
        metric("size", 1, {
          count: 2,
          sum: 3,
          scale: -1,
          zeroCount: 0,
          positive: { offset: -3, bucketCounts: [1, 1] },
          negative: { offset: 0, bucketCounts: [] },
        }),
      ],
    },
  ],
};

function bytesOf<T>(serializer: ISerializer<T, unknown>, value: unknown): Uint8Array<ArrayBuffer> {
  const bytes = serializer.serializeRequest(value as T);
  return new Uint8Array(bytes ?? []);
}

function send(url: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) {
  return fetch(url, { method: "POST", headers, body });
}

const encodings = [
  [
    "protobuf",
    "application/x-protobuf",
    ProtobufTraceSerializer,
    ProtobufMetricsSerializer,
    ProtobufLogsSerializer,
  ],
  ["JSON", "application/json", JsonTraceSerializer, JsonMetricsSerializer, JsonLogsSerializer],
] as const;

describe.each(encodings)(
  "OTLP in %s, as OpenTelemetry writes it",
  (_name, type, traceWriter, metricWriter, logWriter) => {
    test("brings traces with their links, events and attributes", async () => {
      const agent = await withAgent();

      const answer = await send(`${agent.url}/v1/traces`, bytesOf(traceWriter, spans), {
        "content-type": type,
      });

      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe(type);
      expect(agent.spans()).toEqual([
        {
          traceId: BigInt("0x0123456789abcdef").toString(),
          traceIdHex: traceId,
          spanId: "161",
          parentId: "160",
          name: "GET /orders",
          service: "shop",
          resource: "GET /orders",
          type: "",
          start: 1_700_000_000_000_000_005n,
          durationMs: 2.5,
          error: 1,
          meta: {
            "service.name": "shop",
            "deployment.environment.name": "test",
            "service.version": "1.2",
            "http.route": "/orders",
            ok: "true",
            list: '["a",1]',
            env: "test",
            version: "1.2",
            "span.kind": "server",
            "error.message": "gone",
            "_dd.p.tid": "0123456789abcdef",
          },
          metrics: { "retry.count": 2, share: 0.5, negative: -7 },
          spanEvents: [
            {
              name: "cache.miss",
              timeUnixNano: 1_700_000_000_000_000_007n,
              attributes: { key: "k" },
            },
          ],
          spanLinks: [
            {
              traceId: BigInt("0x0123456789abcdef").toString(),
              traceIdHex: traceId,
              spanId: "177",
              attributes: { why: "retry" },
              tracestate: "dd=s:1",
              flags: 257,
            },
          ],
        },
      ]);
    });

    test("brings metrics, one record for each point", async () => {
      const agent = await withAgent();

      await send(`${agent.url}/v1/metrics`, bytesOf(metricWriter, metrics), {
        "content-type": type,
      });
      await agent.waitFor({ otlpMetrics: 5 });

      const common = {
        attributes: { route: "/" },
        timeUnixNano: 1_700_000_010_000_000_000n,
        unit: "ms",
      };
      expect(agent.otlpMetrics()).toMatchObject([
        {
          ...common,
          name: "orders",
          kind: "sum",
          value: 5,
          isMonotonic: true,
          temporality: "delta",
        },
        { ...common, name: "balance", kind: "gauge", value: -2.5 },
        { ...common, name: "change", kind: "gauge", value: -3 },
        {
          ...common,
          name: "latency",
          kind: "histogram",
          count: 3,
          value: 6.5,
          min: 1,
          max: 4,
          bounds: [1, 2],
          bucketCounts: [1, 0, 2],
        },
        { ...common, name: "size", kind: "exponentialHistogram", count: 2, value: 3 },
      ]);
      expect(agent.otlpMetrics()[0]?.resource).toEqual(resource.attributes);
    });

    test("brings logs with the trace they belong to", async () => {
      const agent = await withAgent();

      const body = gzipSync(bytesOf(logWriter, logs));
      const headers = { "content-type": type, "content-encoding": "gzip" };
      await send(`${agent.url}/v1/logs`, new Uint8Array(body), headers);

      expect(agent.logs()).toEqual([
        {
          ...resource.attributes,
          "order.id": 7,
          message: "order failed",
          status: "error",
          "otel.severity_number": 17,
          timestamp: 1_700_000_000_006,
          "otel.trace_id": traceId,
          "otel.span_id": "00000000000000a1",
          "dd.trace_id": BigInt("0x0123456789abcdef").toString(),
          "dd.span_id": "161",
          service: "shop",
          ddtags: "env:test,version:1.2",
        },
      ]);
    });
  },
);

/** An attribute's value within so many lists. */
function nested(depth: number): object {
  if (depth === 0) return { stringValue: "deep" };
  return { arrayValue: { values: [nested(depth - 1)] } };
}

test("a log without a time of its own has the time it was seen", async () => {
  const agent = await withAgent();

  const record = { observedTimeUnixNano: "1700000001000000000", body: { stringValue: "seen" } };
  const document = { resourceLogs: [{ scopeLogs: [{ logRecords: [record, { body: {} }] }] }] };
  const body = new TextEncoder().encode(JSON.stringify(document));
  await send(`${agent.url}/v1/logs`, body, { "content-type": "application/json" });

  expect(agent.logs()).toEqual([
    { message: "seen", status: "info", timestamp: 1_700_000_001_000 },
    { message: "", status: "info" },
  ]);
});

describe("OTLP that is refused", () => {
  test.each([
    [
      "/v1/metrics",
      { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ gauge: {} }] }] }] },
      "no name",
    ],
    [
      "/v1/metrics",
      { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "a" }] }] }] },
      "no points",
    ],
    [
      "/v1/metrics",
      {
        resourceMetrics: [
          { scopeMetrics: [{ metrics: [{ name: "a", sum: { dataPoints: [{}] } }] }] },
        ],
      },
      "no value",
    ],
    ["/v1/logs", { resourceLogs: [{ scopeLogs: [{ logRecords: [1] }] }] }, "no object"],
    ["/v1/logs", { resourceLogs: {} }, "no array"],
    ["/v1/traces", [], "no JSON object"],
    [
      "/v1/logs",
      { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: nested(70) }] }] }] },
      "nests deeper than 64 levels",
    ],
  ])("%s says why", async (path, document, reason) => {
    const agent = await withAgent();

    const body = new TextEncoder().encode(JSON.stringify(document));
    const answer = await send(agent.url + path, body, { "content-type": "application/json" });

    expect(answer.status).toBe(400);
    expect(agent.rejections()[0]?.reason).toContain(reason);
    expect([...agent.otlpMetrics(), ...agent.logs(), ...agent.spans()]).toEqual([]);
  });

  test("another media type is answered 415", async () => {
    const agent = await withAgent();

    const answer = await send(`${agent.url}/v1/logs`, new Uint8Array(), {
      "content-type": "text/plain",
    });

    expect(answer.status).toBe(415);
  });
});

describe("protobuf", () => {
  const whole = bytesOf(ProtobufTraceSerializer, spans);

  test("that is cut short anywhere is refused or a shorter message, and nothing else", () => {
    for (let end = 0; end < whole.length; end += 1) {
      try {
        readProtobuf(Buffer.from(whole.subarray(0, end)), otlpTraces);
        expect(end).toBe(0);
      } catch (error) {
        expect(error).toBeInstanceOf(TracePayloadError);
      }
    }
  });

  test("of random bytes never breaks the reader", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(whole.length), (bytes, at) => {
        const damaged = Buffer.from(whole);
        damaged.set(bytes.subarray(0, whole.length - at), at);
        for (const input of [Buffer.from(bytes), damaged]) {
          try {
            readProtobuf(input, otlpTraces);
          } catch (error) {
            expect(error).toBeInstanceOf(TracePayloadError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("nested without end is refused", () => {
    let value = Buffer.alloc(0);
    for (let depth = 0; depth < 100; depth += 1) {
      // kvlistValue { values { value … } }: three messages in each other.
      for (const field of [2, 1, 6]) {
        const length = value.length;
        const size = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
        value = Buffer.concat([Buffer.from([field * 8 + 2, ...size]), value]);
      }
    }
    const wrap = (field: number, inner: Buffer): Buffer =>
      Buffer.concat([
        Buffer.from([field * 8 + 2, (inner.length & 0x7f) | 0x80, inner.length >> 7]),
        inner,
      ]);
    // resourceSpans { resource { attributes { value … } } }
    const body = wrap(1, wrap(1, wrap(1, wrap(2, value))));

    expect(() => readProtobuf(body, otlpTraces)).toThrow(/nested deeper/);
  });
});
