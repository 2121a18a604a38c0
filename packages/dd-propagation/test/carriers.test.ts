import { request } from "node:http";
import { Metadata } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import {
  amqpCarrier,
  asCarrier,
  environmentCarrier,
  eventBridgeCarrier,
  grpcCarrier,
  HeaderCarrier,
  kafkaCarrier,
  mcpCarrier,
  snsCarrier,
  sqsCarrier,
  sqsMessageCarrier,
  type TraceContextCarrier,
  workerCarrier,
} from "../src/index.ts";
import { everyStyle, fullContext } from "./support/full-context.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const outgoingMessage = (): unknown => {
  const message = request({ host: "127.0.0.1", port: 9 });
  message.once("error", () => undefined).destroy();
  return message;
};

const carriers: readonly (readonly [string, () => TraceContextCarrier])[] = [
  ["a plain object", () => asCarrier({})],
  ["an object without prototype", () => asCarrier(Object.create(null))],
  ["Headers", () => asCarrier(new Headers())],
  ["a Map", () => asCarrier(new Map())],
  ["raw headers", () => asCarrier([])],
  ["pairs", () => asCarrier([["host", "x"]])],
  ["an outgoing message", () => asCarrier(outgoingMessage())],
  ["gRPC metadata", () => asCarrier(new Metadata())],
  ["HeaderCarrier", () => new HeaderCarrier()],
  ["grpcCarrier", () => grpcCarrier(new Metadata())],
  ["kafkaCarrier of an object", () => kafkaCarrier({})],
  ["kafkaCarrier of a list", () => kafkaCarrier([])],
  ["amqpCarrier", () => amqpCarrier({})],
  ["sqsCarrier", () => sqsCarrier({})],
  ["sqsCarrier with separate attributes", () => sqsCarrier({}, { form: "separate" })],
  ["snsCarrier", () => snsCarrier({})],
  ["eventBridgeCarrier of an entry", () => eventBridgeCarrier({ Detail: "{}" })],
  ["eventBridgeCarrier of an event", () => eventBridgeCarrier({ detail: {} })],
  ["mcpCarrier", () => mcpCarrier({})],
  ["workerCarrier", () => workerCarrier({})],
  ["environmentCarrier", () => environmentCarrier({})],
];

describe.each(carriers)("%s", (name, make) => {
  test("gives back what was set, and the last value of what was set twice", () => {
    const carrier = make();

    carrier.set("traceparent", "1");
    carrier.set("x-datadog-trace-id", "2");
    carrier.set("x-datadog-trace-id", "3");

    expect(carrier.get("traceparent")).toBe("1");
    expect(carrier.get("x-datadog-trace-id")).toBe("3");
    expect(carrier.get("tracestate")).toBeUndefined();
  });

  test("names what was set", () => {
    const carrier = make();
    carrier.set("traceparent", "1");
    carrier.set("baggage", "2");

    const names = Array.from(carrier.keys(), (key) => key.toLowerCase());

    expect(names).toEqual(expect.arrayContaining(["traceparent", "baggage"]));
  });

  test("forgets what was deleted, if it can delete", () => {
    const carrier = make();
    carrier.set("x-datadog-origin", "1");
    carrier.set("traceparent", "2");

    carrier.delete?.("x-datadog-origin");
    carrier.delete?.("traceparent");
    carrier.delete?.("tracestate");

    expect(carrier.get("traceparent")).toBe(carrier.delete === undefined ? "2" : undefined);
    expect(carrier.get("x-datadog-origin")).toBe(carrier.delete === undefined ? "1" : undefined);
  });

  test("brings a whole context across", () => {
    const propagator = everyStyle();
    const carrier = make();
    const isSmall = name.includes("separate");
    const { baggage: _, ...context } = fullContext;

    propagator.inject(isSmall ? context : fullContext, carrier);

    expect(propagator.extract(carrier)).toMatchObject({
      traceIdHex: fullContext.traceIdHex,
      spanId: fullContext.spanId,
      samplingPriority: 2,
      tags: fullContext.tags,
    });
  });
});

describe("names in another case", () => {
  test.each([
    ["a plain object", () => ({ TraceParent: "old" })],
    ["a Map", () => new Map([["TraceParent", "old"]])],
    ["Headers", () => new Headers({ TraceParent: "old" })],
    ["raw headers", () => ["TraceParent", "older", "Host", "x", "traceparent", "old"]],
    ["pairs", () => [["TraceParent", "old"]]],
    ["a HeaderCarrier", () => new HeaderCarrier({ TraceParent: "old" })],
  ] as const)("are read and replaced in %s, not doubled", (_what, make) => {
    const carrier = asCarrier(make());
    expect(carrier.get("traceparent")).toMatch(/old$/);

    carrier.set("traceparent", "new");

    expect(carrier.get("TRACEPARENT")).toBe("new");
    const names = Array.from(carrier.keys()).filter((key) => key.toLowerCase() === "traceparent");
    expect(names).toHaveLength(1);
  });
});

describe("asCarrier", () => {
  test("joins repeated fields with a comma", () => {
    expect(asCarrier({ tracestate: ["a=1", "b=2"] }).get("tracestate")).toBe("a=1,b=2");
    expect(asCarrier(["TraceState", "a=1", "tracestate", "b=2"]).get("tracestate")).toBe("a=1,b=2");
    const pairs = [
      ["tracestate", "a=1"],
      ["tracestate", "b=2"],
    ];
    expect(asCarrier(pairs).get("tracestate")).toBe("a=1,b=2");
  });

  test("reads bytes as UTF-8, and leaves out what is no text", () => {
    const carrier = asCarrier({ a: bytes("é"), b: 7, c: [bytes("x"), null, ["nested"], "y"] });

    expect(carrier.get("a")).toBe("é");
    expect(carrier.get("b")).toBeUndefined();
    expect(carrier.get("c")).toBe("x,y");
  });

  test("reads no more of bytes than any header can use", () => {
    expect(asCarrier({ a: new Uint8Array(1_000_000).fill(97) }).get("a")).toHaveLength(32_768);
    const many = Array.from({ length: 1_000 }, () => "x".repeat(1_000));
    expect(asCarrier({ a: many }).get("a")?.length).toBeLessThan(70_000);
  });

  test("writes to the original", () => {
    const object: Record<string, string> = {};
    const map = new Map<string, string>();
    const raw = ["Host", "x"];

    for (const original of [object, map, raw]) asCarrier(original).set("traceparent", "1");

    expect(object).toEqual({ traceparent: "1" });
    expect(map.get("traceparent")).toBe("1");
    expect(raw).toEqual(["Host", "x", "traceparent", "1"]);
  });

  test("gives a carrier back as it is", () => {
    const carrier = new HeaderCarrier();

    expect(asCarrier(carrier)).toBe(carrier);
  });

  test.each([null, undefined, 1, "x", true])("gives an empty carrier for %s", (input) => {
    const carrier = asCarrier(input);
    carrier.set("a", "1");

    expect(carrier.get("a")).toBeUndefined();
    expect([...carrier.keys()]).toEqual([]);
    expect(carrier.refusal).toBe("not an object");
  });

  test("reads librdkafka's list of single-key objects", () => {
    const list = [{ traceparent: bytes("1") }, {}, null, { other: "2" }];

    expect(asCarrier(list).get("traceparent")).toBe("1");
  });
});

describe("HeaderCarrier", () => {
  test("starts from objects, Headers, Maps and pairs", () => {
    const inits = [
      { A: "1", B: ["2", "3"], c: undefined },
      new Headers([
        ["a", "1"],
        ["b", "2,3"],
      ]),
      new Map([
        ["A", "1"],
        ["b", "2,3"],
      ]),
      [
        ["a", "1"],
        ["B", "2,3"],
      ] as const,
    ];

    for (const init of inits) {
      const carrier = new HeaderCarrier(init);
      expect(carrier.get("a")).toBe("1");
      expect(carrier.get("b")).toBe("2,3");
      expect([...carrier.keys()]).toHaveLength(2);
    }
  });

  test("gives an object of its own with the names as they were written", () => {
    const carrier = new HeaderCarrier({ "Content-Type": "x" });
    carrier.set("TraceParent", "1");

    const object = carrier.toObject();
    object["extra"] = "2";

    expect(carrier.toObject()).toEqual({ "Content-Type": "x", TraceParent: "1" });
  });

  test("ignores an init that is none", () => {
    expect(new HeaderCarrier(null as never).toObject()).toEqual({});
  });
});

describe("kafkaCarrier", () => {
  test.each([null, undefined])("takes no writes for %s", (headers) => {
    expect(kafkaCarrier(headers).refusal).toBeDefined();
  });
});

describe("amqpCarrier", () => {
  test("adds the table of headers on the first write only", () => {
    const properties: { headers?: Record<string, unknown> } = {};
    const carrier = amqpCarrier(properties);
    expect(carrier.get("a")).toBeUndefined();
    expect([...carrier.keys()]).toEqual([]);
    expect(properties).toEqual({});

    carrier.set("a", "1");

    expect(properties).toEqual({ headers: { a: "1" } });
  });

  test("takes no writes without properties", () => {
    expect(amqpCarrier(undefined).refusal).toBeDefined();
  });
});

describe("SQS and SNS", () => {
  const headers = { "x-datadog-trace-id": "1", "x-datadog-parent-id": "2" };
  const json = JSON.stringify(headers);
  const full = (): Record<string, unknown> =>
    Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`a${index}`, { StringValue: "x" }]),
    );

  test("have one attribute for all headers, in the form that each service wants", () => {
    const forSqs: Record<string, unknown> = {};
    const forSns: Record<string, unknown> = {};

    everyStyle().inject(fullContext, sqsCarrier(forSqs));
    everyStyle().inject(fullContext, snsCarrier(forSns));

    expect(forSqs).toEqual({
      _datadog: { DataType: "String", StringValue: expect.stringContaining('"traceparent":"00-') },
    });
    expect(forSns).toEqual({
      _datadog: { DataType: "Binary", BinaryValue: expect.any(Uint8Array) },
    });
  });

  test.each([sqsCarrier, snsCarrier])(
    "write nothing to a message with ten attributes (%o)",
    (make) => {
      const attributes = full();
      const propagator = everyStyle();

      propagator.inject(fullContext, make(attributes));

      expect(Object.keys(attributes)).toHaveLength(10);
      expect(attributes).not.toHaveProperty("_datadog");
      expect(propagator.faults()).toEqual({ "carrier:inject": 1 });
    },
  );

  test("write to the tenth attribute and replace an attribute that is there", () => {
    const { a9: _, ...nine } = full();
    sqsCarrier(nine).set("a", "1");
    expect(nine).toHaveProperty("_datadog.StringValue", '{"a":"1"}');

    const carrier = sqsCarrier(nine);
    carrier.set("b", "2");

    expect(nine).toHaveProperty("_datadog.StringValue", '{"a":"1","b":"2"}');
    expect(carrier.refusal).toBeUndefined();
  });

  test("keep to ten attributes when each header has its own", () => {
    const attributes: Record<string, unknown> = { own: { DataType: "String", StringValue: "x" } };
    const propagator = everyStyle();

    propagator.inject(fullContext, sqsCarrier(attributes, { form: "separate" }));

    expect(Object.keys(attributes)).toHaveLength(10);
    expect(attributes["traceparent"]).toEqual({
      DataType: "String",
      StringValue: expect.stringMatching(/^00-/),
    });
    expect(propagator.faults()).toEqual({ "carrier:inject": 1 });
  });

  test.each([
    ["the SDK's text", { StringValue: json, DataType: "String" }],
    ["the SDK's bytes", { BinaryValue: bytes(json), DataType: "Binary" }],
    ["base64 of the SDK", { BinaryValue: btoa(json), DataType: "Binary" }],
    ["Lambda's text", { stringValue: json, dataType: "String" }],
    ["Lambda's base64", { binaryValue: btoa(json), dataType: "Binary" }],
    ["a notification's base64", { Type: "Binary", Value: btoa(json) }],
    ["a notification's text", { Type: "String", Value: json }],
    ["bytes that were decoded already", { Type: "Binary", Value: json }],
  ])("read %s", (_form, attribute) => {
    const context = everyStyle().extract(sqsCarrier({ _datadog: attribute }));

    expect(context).toMatchObject({ traceId: "1", spanId: "2" });
  });

  test.each([
    undefined,
    null,
    "x",
    {},
    { StringValue: "{" },
    { StringValue: "[]" },
    { StringValue: "7" },
    { Value: 7 },
    { Type: "Binary", Value: "A".repeat(100_000) },
    { StringValue: `{"a":"${"x".repeat(100_000)}"}` },
  ])("read nothing from the attribute %j", (attribute) => {
    const propagator = everyStyle();

    expect(propagator.extract(sqsCarrier({ _datadog: attribute }))).toBeNull();
    expect(propagator.faults()).toEqual({});
  });

  test("take no writes without attributes", () => {
    expect(sqsCarrier(undefined).refusal).toBeDefined();
    expect(snsCarrier(null).refusal).toBeDefined();
  });

  const attribute = { _datadog: { StringValue: json, DataType: "String" } };
  const published = { _datadog: { Type: "Binary", Value: btoa(json) } };
  const event = { "detail-type": "order", detail: { _datadog: headers } };
  const notification = (content: object): string =>
    JSON.stringify({ Type: "Notification", ...content });

  test.each([
    ["direct", { MessageAttributes: attribute, Body: "x" }],
    ["direct, by Lambda", { messageAttributes: { _datadog: { stringValue: json } }, body: "x" }],
    ["from SNS", { Body: notification({ MessageAttributes: published, Message: "x" }) }],
    [
      "from SNS, by Lambda",
      { messageAttributes: {}, body: notification({ MessageAttributes: published }) },
    ],
    [
      "from SNS, with attributes of the application",
      {
        MessageAttributes: { tenant: { StringValue: "x" } },
        Body: notification({ MessageAttributes: { ...published, tenant: { Value: "x" } } }),
      },
    ],
    [
      "from EventBridge through SNS, with attributes",
      {
        Body: notification({
          MessageAttributes: { tenant: { Value: "x" } },
          Message: JSON.stringify(event),
        }),
      },
    ],
    ["from EventBridge", { Body: JSON.stringify(event) }],
    ["from EventBridge through SNS", { Body: notification({ Message: JSON.stringify(event) }) }],
  ])("are read in a message that came %s", (_way, message) => {
    const context = everyStyle().extract(sqsMessageCarrier(message));

    expect(context).toMatchObject({ traceId: "1", spanId: "2" });
  });

  test.each([
    null,
    {},
    { Body: "no JSON" },
    { Body: '"Notification"' },
    { Body: notification({ Message: 7 }) },
    { Body: notification({ Message: '{"detail-type":"x"' }) },
    { Body: JSON.stringify({ "detail-type": "x", detail: "y" }) },
    { Body: `"detail-type"${"x".repeat(1_100_000)}` },
  ])("are not found in the message %j", (message) => {
    expect(everyStyle().extract(sqsMessageCarrier(message))).toBeNull();
  });
});

describe("eventBridgeCarrier", () => {
  test("keeps the detail and adds the headers to it", () => {
    const entry = { Detail: '{"order":1}', DetailType: "x" };
    const carrier = eventBridgeCarrier(entry);

    carrier.set("traceparent", "1");

    expect(JSON.parse(entry.Detail)).toEqual({ order: 1, _datadog: { traceparent: "1" } });
  });

  test.each([
    null,
    {},
    { Detail: "[1]" },
    { Detail: "{" },
    { Detail: "7" },
    { detail: [] },
    { Detail: `{"a":"${"x".repeat(1_100_000)}"}` },
  ])("takes no writes for %j, and leaves it alone", (entry) => {
    const before = structuredClone(entry);
    const carrier = eventBridgeCarrier(entry);

    carrier.set("traceparent", "1");

    expect(carrier.refusal).toBeDefined();
    expect(entry).toEqual(before);
  });
});

describe("mcpCarrier", () => {
  test("writes the protocol's own names and dd-trace's form", () => {
    const params = { name: "search", _meta: { progressToken: 7 } };

    everyStyle().inject(fullContext, mcpCarrier(params));

    expect(params).toEqual({
      name: "search",
      _meta: {
        progressToken: 7,
        traceparent: "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-01",
        tracestate: expect.stringMatching(/^dd=/),
        baggage: "user.id=Zo%C3%AB,plan=free%20trial",
        _dd_trace_context: expect.objectContaining({
          "x-datadog-trace-id": "12379814468735227512",
          traceparent: "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-01",
        }),
      },
    });
  });

  test("reads either form alone, and the protocol's names first", () => {
    const traceparent = "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-01";
    const datadog = { "x-datadog-trace-id": "1", "x-datadog-parent-id": "2" };
    const read = (meta: Record<string, unknown>): string | undefined =>
      everyStyle().extract(mcpCarrier({ _meta: meta }))?.spanId;

    expect(read({ traceparent })).toBe("987654321");
    expect(read({ _dd_trace_context: datadog })).toBe("2");
    expect(read({ traceparent, _dd_trace_context: { traceparent: "x" } })).toBe("987654321");
    expect(read({ traceparent: 7, _dd_trace_context: 8 })).toBeUndefined();
  });

  test("does not read other names from the protocol's own place", () => {
    const meta = { "x-datadog-trace-id": "1", "x-datadog-parent-id": "2" };

    expect(everyStyle().extract(mcpCarrier({ _meta: meta }))).toBeNull();
  });

  test("takes no writes without params", () => {
    expect(mcpCarrier(undefined).refusal).toBeDefined();
  });
});

describe("workerCarrier", () => {
  test("brings a context through the structured clone", () => {
    const workerData = { documentId: 7 };
    everyStyle().inject(fullContext, workerCarrier(workerData));

    const received = structuredClone(workerData);

    expect(received.documentId).toBe(7);
    expect(everyStyle().extract(workerCarrier(received))?.spanId).toBe("987654321");
  });

  test.each([null, "text", 7, []])("takes no writes for the message %j", (message) => {
    expect(workerCarrier(message).refusal).toBeDefined();
  });
});

describe("environmentCarrier", () => {
  test("writes the names of OpenTelemetry's specification and keeps other variables", () => {
    const env: Record<string, string> = { PATH: "/bin" };

    everyStyle().inject(fullContext, environmentCarrier(env));
    environmentCarrier(env).set("7-up", "x");

    expect(env).toMatchObject({
      PATH: "/bin",
      TRACEPARENT: "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-01",
      TRACESTATE: expect.stringMatching(/^dd=/),
      BAGGAGE: "user.id=Zo%C3%AB,plan=free%20trial",
      X_DATADOG_TRACE_ID: "12379814468735227512",
      _7_UP: "x",
    });
  });

  test("takes no writes without an environment", () => {
    expect(environmentCarrier(null).refusal).toBeDefined();
  });
});
