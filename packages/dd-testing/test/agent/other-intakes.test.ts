import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { RouteContext } from "../../src/agent/http/agent-request.ts";
import { routeRequest } from "../../src/agent/http/route-request.ts";
import type { TestAgent } from "../../src/agent/test-agent.ts";
import { rawConnection } from "../support/raw-http.ts";
import { withAgent } from "../support/with-agent.ts";

function llmobsSpan(fields: Record<string, unknown> = {}): Record<string, unknown> {
  const span = {
    trace_id: "6b00fc6f000000002fe7ad0572a4e29d",
    span_id: "5086153089199403472",
    parent_id: "undefined",
    name: "call",
    tags: ["env:test"],
    start_ns: 1_795_226_735_039_570_400,
    duration: 297_852,
    status: "ok",
    meta: { "span.kind": "llm", input: { value: "hi" } },
    metrics: { input_tokens: 3 },
    _dd: { apm_trace_id: "6b00fc6f000000002633902a28b1d5da" },
    ...fields,
  };
  return Object.fromEntries(Object.entries(span).filter(([, value]) => value !== undefined));
}

function post(
  agent: TestAgent,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${agent.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-datadog-evp-subdomain": "api", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
}

const llmobsPath = "/evp_proxy/v2/api/v2/llmobs";
const payload = (...spans: unknown[]) => [{ "_dd.stage": "raw", event_type: "span", spans }];

describe("LLM Observability spans", () => {
  test.each([llmobsPath, "/evp_proxy/v4/api/v2/llmobs"])("arrive at %s", async (path) => {
    const agent = await withAgent();
    const event = llmobsSpan({ session_id: "s-1" });

    const answer = await post(agent, path, payload(event));

    expect(answer.status).toBe(202);
    expect(agent.llmobsSpans()).toEqual([
      {
        kind: "llm",
        name: "call",
        traceId: "6b00fc6f000000002fe7ad0572a4e29d",
        apmTraceId: "6b00fc6f000000002633902a28b1d5da",
        spanId: "5086153089199403472",
        parentId: "undefined",
        tags: ["env:test"],
        meta: { "span.kind": "llm", input: { value: "hi" } },
        metrics: { input_tokens: 3 },
        status: "ok",
        startNs: 1_795_226_735_039_570_400,
        durationMs: 0.297852,
        sessionId: "s-1",
        event,
      },
    ]);
    expect(agent.checkFailures()).toEqual([]);
  });

  test("may come as one object and leave out what has a default", async () => {
    const agent = await withAgent();
    const span = llmobsSpan({
      parent_id: undefined,
      status: undefined,
      tags: undefined,
      metrics: undefined,
      _dd: undefined,
      meta: { kind: "agent" },
    });

    await post(agent, llmobsPath, { event_type: "span", spans: [span, span] });

    expect(agent.llmobsSpans()).toHaveLength(2);
    expect(agent.llmobsSpans()[0]).toMatchObject({
      kind: "agent",
      parentId: "undefined",
      status: "ok",
      tags: [],
      metrics: {},
    });
  });

  test.each<[string, unknown, string]>([
    ["no JSON", "{", "the body is no JSON"],
    ["a number", 1, "[0]: expected an object"],
    ["another event type", [{ event_type: "x" }], '[0].event_type: expected "span"'],
    ["no spans", [{ event_type: "span" }], "[0].spans: expected an array"],
    ["a span that is no object", payload(1), "[0].spans[0]: expected an object"],
    ["a numeric span_id", payload(llmobsSpan({ span_id: 1 })), "span_id: expected a string"],
    ["no trace_id", payload(llmobsSpan({ trace_id: undefined })), "trace_id: expected a string"],
    ["no name", payload(llmobsSpan({ name: undefined })), "name: expected a string"],
    ["no kind", payload(llmobsSpan({ meta: {} })), "meta.span.kind: expected a string"],
    ["no meta", payload(llmobsSpan({ meta: undefined })), "meta: expected an object"],
    ["a string start", payload(llmobsSpan({ start_ns: "1" })), "start_ns: expected a number"],
    ["a negative duration", payload(llmobsSpan({ duration: -1 })), "duration: expected a number"],
    ["numeric tags", payload(llmobsSpan({ tags: [1] })), "tags: expected an array of strings"],
    ["metrics in an array", payload(llmobsSpan({ metrics: [] })), "metrics: expected an object"],
    [
      "a string metric",
      payload(llmobsSpan(), llmobsSpan({ metrics: { input_tokens: "3" } })),
      "[0].spans[1].metrics.input_tokens: expected a number",
    ],
  ])("are refused whole with 400 for %s", async (_name, body, reason) => {
    const agent = await withAgent();

    const answer = await post(agent, llmobsPath, body);

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(reason);
    expect(agent.llmobsSpans()).toEqual([]);
    expect(agent.rejections()).toHaveLength(1);
  });

  test("are refused with 413 over 5 MiB", async () => {
    const agent = await withAgent();
    const bytes = (span: unknown) => Buffer.byteLength(JSON.stringify(span));
    const ofSize = (size: number) => {
      const empty = llmobsSpan({ meta: { "span.kind": "llm", input: { value: "" } } });
      const value = "x".repeat(size - bytes(empty));
      return llmobsSpan({ meta: { "span.kind": "llm", input: { value } } });
    };
    const limit = 5 * 1024 * 1024;

    const most = await post(agent, llmobsPath, payload(ofSize(limit)));
    const more = await post(agent, llmobsPath, payload(ofSize(limit + 1)));

    expect([most.status, more.status]).toEqual([202, 413]);
    expect(await more.text()).toContain("5242881 bytes, at most 5242880");
  });

  test.each([
    { levels: 1000, status: 202 },
    { levels: 1001, status: 400 },
    { levels: 200_000, status: 400 },
  ])("of $levels levels are answered with $status", async ({ levels, status }) => {
    const agent = await withAgent();
    // The span itself is the first level.
    const deep = `${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}`;
    const body = JSON.stringify(payload(llmobsSpan({ extra: "DEEP" }))).replace('"DEEP"', deep);

    const answer = await post(agent, llmobsPath, body);

    expect(answer.status).toBe(status);
    if (status === 400) expect(await answer.text()).toBe("[0].spans[0]: nested too deep\n");
    expect(agent.llmobsSpans()).toHaveLength(status === 202 ? 1 : 0);
  });

  test("keep a metric named __proto__ as data", async () => {
    const agent = await withAgent();
    const body = JSON.stringify(payload(llmobsSpan())).replace("input_tokens", "__proto__");

    await post(agent, llmobsPath, body);

    const metrics = agent.llmobsSpans()[0]?.metrics ?? {};
    expect(Object.entries(metrics)).toEqual([["__proto__", 3]]);
    expect(Object.getPrototypeOf(metrics)).toBe(Object.prototype);
  });
});

describe("evaluations", () => {
  const metric = {
    join_on: { span: { span_id: "1", trace_id: "2" } },
    label: "quality",
    metric_type: "score",
    score_value: 0.5,
    ml_app: "app",
    timestamp_ms: 1_795_226_735_040,
    tags: ["env:test"],
  };
  const body = (...metrics: unknown[]) => ({
    data: { type: "evaluation_metric", attributes: { metrics } },
  });

  test.each([
    "/evp_proxy/v2/api/intake/llm-obs/v1/eval-metric",
    "/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric",
    "/evp_proxy/v4/api/intake/llm-obs/v2/eval-metric",
  ])("arrive at %s", async (path) => {
    const agent = await withAgent();

    const answer = await post(agent, path, body(metric));

    expect(answer.status).toBe(202);
    expect(agent.evaluations()).toEqual([
      {
        label: "quality",
        metricType: "score",
        value: 0.5,
        mlApp: "app",
        spanId: "1",
        traceId: "2",
        timestampMs: 1_795_226_735_040,
        tags: ["env:test"],
        event: metric,
      },
    ]);
  });

  test("of version 1 name their span at the top", async () => {
    const agent = await withAgent();
    const old = { label: "ok", metric_type: "categorical", categorical_value: "a", span_id: "7" };

    await post(agent, "/evp_proxy/v2/api/intake/llm-obs/v1/eval-metric", body(old));

    expect(agent.evaluations()).toEqual([
      { label: "ok", metricType: "categorical", value: "a", spanId: "7", tags: [], event: old },
    ]);
  });

  test.each<[string, unknown, string]>([
    ["no metrics", {}, "data.attributes.metrics: expected an array"],
    ["a metric that is no object", body(1), "metrics[0]: expected an object"],
    ["no label", body({ ...metric, label: "" }), "metrics[0].label: expected a string"],
    ["another type", body(metric, { ...metric, metric_type: "x" }), "metrics[1].metric_type"],
  ])("are refused whole with 400 for %s", async (_name, value, reason) => {
    const agent = await withAgent();

    const answer = await post(agent, "/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric", value);

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(reason);
    expect(agent.evaluations()).toEqual([]);
  });
});

describe("logs", () => {
  test.each(["/api/v2/logs", "/v1/input", "/evp_proxy/v2/api/v2/logs"])(
    "arrive at %s",
    async (path) => {
      const agent = await withAgent();
      const record = { message: "hello", ddsource: "nodejs", dd: { trace_id: "1" } };

      const answer = await post(agent, path, [record, "plain"]);

      expect(answer.status).toBe(202);
      expect(agent.logs()).toEqual([record, { message: "plain" }]);
    },
  );

  test("may be lines of text", async () => {
    const agent = await withAgent();

    await post(agent, "/api/v2/logs", "one\n\ntwo\n", { "content-type": "text/plain" });

    expect(agent.logs()).toEqual([{ message: "one" }, { message: "two" }]);
  });

  test("may be compressed", async () => {
    const agent = await withAgent();
    const body = gzipSync(JSON.stringify({ message: "packed" }));

    await post(agent, "/api/v2/logs", body, { "content-encoding": "gzip" });

    expect(agent.logs()).toEqual([{ message: "packed" }]);
  });

  test.each([
    ["broken gzip", Buffer.from("no gzip"), "gzip", 400],
    ["a gzip bomb", gzipSync(Buffer.alloc(2_000_000)), "gzip", 413],
    ["an unknown encoding", Buffer.from("x"), "br", 415],
  ])("are refused for %s", async (_name, body, encoding, status) => {
    const agent = await withAgent({ maxProxyBodyBytes: 1_000_000 });

    const answer = await post(agent, "/api/v2/logs", body, { "content-encoding": encoding });

    expect(answer.status).toBe(status);
    expect(agent.rejections()).toMatchObject([{ status }]);
  });

  test.each(["{", "[1]"])("are refused for the body %s", async (body) => {
    const agent = await withAgent();

    expect((await post(agent, "/api/v2/logs", body)).status).toBe(400);
  });
});

describe("the other paths", () => {
  test("/info lists exactly what is served", async () => {
    const agent = await withAgent({ version: "7.70.1" });

    const info = (await (await fetch(`${agent.url}/info`)).json()) as {
      endpoints: string[];
      evp_proxy_allowed_headers: string[];
    };

    expect(info).toMatchObject({
      version: "7.70.1",
      client_drop_p0s: true,
      config: { statsd_port: agent.dogstatsdPort, receiver_port: Number(new URL(agent.url).port) },
    });
    expect(info.evp_proxy_allowed_headers).toContain("Content-Encoding");
    for (const path of info.endpoints) {
      const answer = await fetch(`${agent.url}${path}${path.endsWith("/") ? "x" : ""}`, {
        method: "POST",
        body: Uint8Array.of(0x80),
      });
      expect([path, answer.status]).not.toEqual([path, 404]);
    }
  });

  test.each([
    ["POST", "/telemetry/proxy/api/v2/apmtelemetry", 202],
    ["POST", "/v0.7/config", 200],
    ["POST", "/v0.1/pipeline_stats", 200],
    ["POST", "/profiling/v1/input", 200],
    ["POST", "/evp_proxy/v2/api/v2/exposures", 202],
    ["POST", "/v0.9/traces", 404],
    ["POST", "/evp_proxy/v5/api/v2/llmobs", 404],
    ["GET", "/", 404],
    ["GET", "/constructor", 404],
    ["GET", "/v0.4/traces", 405],
    ["DELETE", "/v0.4/traces", 405],
  ])("%s %s is answered %i", async (method, path, status) => {
    const agent = await withAgent();

    const answer = await fetch(`${agent.url}${path}?query=1`, {
      method,
      headers: { "x-datadog-evp-subdomain": "api" },
    });

    expect(answer.status).toBe(status);
  });

  test("an EVP request without subdomain is accepted and reported", async () => {
    const agent = await withAgent();

    await fetch(`${agent.url}/evp_proxy/v2/api/v2/exposures`, { method: "POST" });

    expect(agent.checkFailures().map(({ check }) => check)).toEqual(["evp_subdomain_header"]);
  });

  test("a proxied body over its limit is refused with 413", async () => {
    const agent = await withAgent({ maxProxyBodyBytes: 100 });

    const answer = await post(agent, llmobsPath, "x".repeat(101));

    expect(answer.status).toBe(413);
  });

  test("what is no HTTP is answered 400 and recorded", async () => {
    const agent = await withAgent();
    const { socket, received, ended } = await rawConnection(agent.url);

    socket.write("NONSENSE\r\n\r\n");
    await ended;

    expect(received()).toContain("400 Bad Request");
    expect(agent.rejections()).toMatchObject([{ path: "http", status: 400 }]);
  });

  test("a strange request target does no harm", async () => {
    const agent = await withAgent();
    const { socket, received } = await rawConnection(agent.url);

    socket.write("GET // HTTP/1.1\r\nhost: a\r\n\r\n");

    await expect.poll(received).toContain("404 Not Found");
    socket.destroy();
  });
});

test("a fault of the agent itself becomes a 500 and a rejection, not a rejected promise", async () => {
  const rejections: unknown[] = [];
  const records = {
    add(kind: string, record: unknown) {
      if (kind === "logs") throw new Error("broken list");
      rejections.push(record);
    },
  } as unknown as RouteContext["records"];
  const request = { method: "POST", path: "/v1/input", headers: {}, body: Buffer.from("x") };
  const context = { records, options: { maxProxyBodyBytes: 10 } } as unknown as RouteContext;

  const answer = await routeRequest(request, context);

  expect(answer).toMatchObject({ status: 500, body: "internal error: Error: broken list\n" });
  expect(rejections).toHaveLength(1);
});

describe("recorded requests", () => {
  test("show method, path, size and status, and no credentials", async () => {
    const agent = await withAgent();
    const secret = "0123456789abcdef";

    await post(agent, "/api/v2/logs?dd-api-key=x", "[]", {
      "dd-api-key": secret,
      "dd-application-key": secret,
      authorization: `Bearer ${secret}`,
      cookie: secret,
      "x-auth-token": secret,
      "datadog-meta-lang": "nodejs",
    });

    const [request] = agent.requests();
    expect(request).toMatchObject({
      method: "POST",
      path: "/api/v2/logs",
      bodySize: 2,
      status: 202,
    });
    expect(request?.headers["datadog-meta-lang"]).toBe("nodejs");
    expect(JSON.stringify(agent.requests())).not.toContain(secret);
  });

  test("include a request whose client went away", async () => {
    const agent = await withAgent();
    const { socket } = await rawConnection(agent.url);

    socket.write("PUT /v0.4/traces HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf");
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(0);
    socket.end();
    await agent.waitFor({ requests: 1 });

    expect(agent.requests()).toMatchObject([{ path: "/v0.4/traces", status: null, bodySize: 4 }]);
    expect(agent.spans()).toEqual([]);
  });
});
