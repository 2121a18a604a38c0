import { DatadogAPMClientFactory, HeaderCarrier, type MockDatadogAPMClient } from "@llmdevops/dd";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let client: MockDatadogAPMClient;
beforeEach(() => {
  client = DatadogAPMClientFactory.createMock();
});
afterEach(() => client.reset());

describe("spans of the mock client", () => {
  test("hold the tags they were started with and those set later", () => {
    const span = client.startSpan("test-operation", { tags: { "custom.tag": "value" } });
    span.setTag("another.tag", "another-value");
    span.finish();

    client.assertSpanCreated("test-operation", {
      "custom.tag": "value",
      "another.tag": "another-value",
    });
  });

  test("are listed in the order of their start, whichever ends first", () => {
    const parent = client.startSpan("parent-op");
    const child = client.startSpan("child-op", { childOf: parent });
    child.finish();
    parent.finish();

    const [first, second] = client.getSpans();
    expect(first?.name).toBe("parent-op");
    expect(second?.parentId).toBe(first?.spanId);
  });

  test("record errors", () => {
    const span = client.startSpan("failing-op");
    span.setError(new Error("Test error"));
    span.finish();

    const captured = client.getSpanByName("failing-op");
    expect(captured?.tags["error"]).toBe(true);
    expect(captured?.tags["error.type"]).toBe("Error");
    expect(captured?.tags["error.message"]).toBe("Test error");
  });
});

describe("metrics of the mock client", () => {
  test("are one record for each increment", () => {
    client.increment("test.counter", 5, { tag: "value" });
    client.increment("test.counter", 3, { tag: "value" });

    const values = client.getMetrics({ name: "test.counter" }).map(({ value }) => value);
    expect(values).toEqual([5, 3]);
  });

  test("are one record for each value of a histogram", () => {
    for (const value of [100, 150, 200]) client.histogram("test.latency", value);

    client.assertMetricRecorded("test.latency", "histogram");
    expect(client.getMetrics({ name: "test.latency", type: "histogram" })).toHaveLength(3);
  });
});

describe("propagation of the mock client", () => {
  test("writes Datadog and W3C headers", () => {
    const carrier = new HeaderCarrier();
    client.trace("outbound-request", () => client.injectContext(carrier));

    for (const name of ["x-datadog-trace-id", "x-datadog-parent-id", "traceparent"]) {
      expect(carrier.get(name), name).toBeDefined();
    }
  });

  test("reads a valid context, and refuses a parent id that is no decimal number", () => {
    const headers = (parentId: string) =>
      new HeaderCarrier({
        "x-datadog-trace-id": "1234567890",
        "x-datadog-parent-id": parentId,
        "x-datadog-sampling-priority": "1",
      });

    expect(client.extractContext(headers("987654321"))).toMatchObject({
      traceId: "1234567890",
      spanId: "987654321",
      samplingPriority: 1,
    });
    expect(client.extractContext(headers("abcdef123456"))).toBeNull();
  });
});

test("reset forgets what was recorded and what is still open", () => {
  const open = client.startSpan("open");
  client.startSpan("done").finish();
  client.increment("count");
  client.reset();
  open.finish();

  expect(client.getSpans()).toEqual([]);
  expect(client.getMetrics()).toEqual([]);
  expect(client.getOpenSpanNames()).toEqual([]);
});
