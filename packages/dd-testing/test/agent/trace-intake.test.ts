import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { ByteBudget } from "../../src/agent/http/byte-budget.ts";
import { readBody } from "../../src/agent/http/read-body.ts";
import { chunkedPut, plainPut, rawConnection } from "../support/raw-http.ts";
import { msgpack, oneSpanPayload, putTraces, wireSpan } from "../support/trace-payload.ts";
import { withAgent } from "../support/with-agent.ts";

describe("the trace intake", () => {
  test.each(["PUT", "POST"])(
    "takes a payload by %s and answers the sampling rates",
    async (method) => {
      const agent = await withAgent();

      const answer = await fetch(`${agent.url}/v0.4/traces`, { method, body: oneSpanPayload() });

      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(await answer.json()).toEqual({ rate_by_service: { "service:,env:": 1 } });
      expect(agent.spans().map(({ name }) => name)).toEqual(["web.request"]);
    },
  );

  test("answers the rates it was given", async () => {
    const agent = await withAgent({ rateByService: { "service:shop,env:test": 0.25 } });

    const answer = await putTraces(agent.url, oneSpanPayload());

    expect(await answer.json()).toEqual({ rate_by_service: { "service:shop,env:test": 0.25 } });
  });

  test("answers OK on /v0.3/traces", async () => {
    const agent = await withAgent();

    const answer = await putTraces(agent.url, oneSpanPayload(), "/v0.3/traces");

    expect(await answer.text()).toBe("OK\n");
    expect(agent.spans()).toHaveLength(1);
  });

  test.each([1, 2, 3, 7, 64])("reads a body that comes in chunks of %i bytes", async (size) => {
    const agent = await withAgent();
    const { socket, received } = await rawConnection(agent.url);

    for (const piece of chunkedPut("/v0.4/traces", oneSpanPayload(), size)) {
      await new Promise<void>((resolve) => {
        socket.write(piece, () => resolve());
      });
    }
    await agent.waitFor({ requests: 1 });
    await expect.poll(received).toContain("rate_by_service");

    expect(agent.spans().map(({ spanId }) => spanId)).toEqual(["18446744073709551615"]);
    socket.destroy();
  });

  test("takes many requests on one connection, written without waiting for answers", async () => {
    const agent = await withAgent();
    const { socket, received } = await rawConnection(agent.url);
    const requests = Array.from({ length: 50 }, (_, index) =>
      plainPut("/v0.4/traces", oneSpanPayload({ span_id: index + 1 })),
    );

    socket.write(Buffer.concat(requests));
    await agent.waitFor({ spans: 50 });

    expect(agent.spans().map(({ spanId }) => Number(spanId))).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    await expect.poll(() => received().split("HTTP/1.1 200 OK").length - 1).toBe(50);
    socket.destroy();
  });

  test("groups spans of one trace from several payloads", async () => {
    const agent = await withAgent();

    await putTraces(agent.url, oneSpanPayload({ name: "second", span_id: 2, start: 20n }));
    await putTraces(agent.url, oneSpanPayload({ name: "first", span_id: 1, start: 10n }));

    expect(agent.traces().map(({ spans }) => spans.map(({ name }) => name))).toEqual([
      ["first", "second"],
    ]);
  });

  test("refuses a broken payload whole with 400 and the reason", async () => {
    const agent = await withAgent();
    const body = msgpack([[wireSpan()], [wireSpan({ meta: { a: 1 } })]]);

    const answer = await putTraces(agent.url, body);

    expect(answer.status).toBe(400);
    const reason = await answer.text();
    expect(reason).toContain("traces[1][0].meta.a: expected string, found integer");
    expect(agent.spans()).toEqual([]);
    expect(agent.rejections()).toEqual([
      { path: "/v0.4/traces", status: 400, reason: reason.trim(), bodySize: body.length },
    ]);
  });

  test("refuses the payload that dd-trace 6.21.0 sends for native span events", async () => {
    const agent = await withAgent();
    const event = { name: "retry", time_unix_nano: 1.5 };

    const answer = await putTraces(agent.url, oneSpanPayload({ span_events: [event] }));

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("time_unix_nano: expected integer, found float");
  });

  test("shows at most 1000 characters of a reason", async () => {
    const agent = await withAgent();
    const huge = "x".repeat(100_000);

    const answers = [
      await putTraces(agent.url, oneSpanPayload({ [huge]: 1, meta: { [huge]: 1 } })),
      await putTraces(agent.url, oneSpanPayload({ name: huge, span_id: 0n })),
      await putTraces(agent.url, oneSpanPayload({ name: huge, meta: { events: "" } })),
    ];

    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const reasons = agent.rejections().map(({ reason }) => reason);
    const messages = agent.checkFailures().map(({ message }) => message);
    for (const text of [...texts, ...reasons, ...messages]) {
      expect(text.length).toBeLessThanOrEqual(1001);
    }
    expect(reasons).toHaveLength(2);
    expect(messages).toHaveLength(1);
  });

  test("refuses JSON traces", async () => {
    const agent = await withAgent();

    const answer = await fetch(`${agent.url}/v0.4/traces`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: "[[]]",
    });

    expect(answer.status).toBe(400);
  });

  test("accepts a trace the Agent drops later, keeps none of it and says so", async () => {
    const agent = await withAgent();

    const answer = await putTraces(agent.url, oneSpanPayload({ trace_id: 0n }));

    expect(answer.status).toBe(200);
    expect(agent.spans()).toEqual([]);
    expect(agent.rejections()).toMatchObject([{ status: 200, reason: "traces[0]: trace_id is 0" }]);
  });

  test("reports what Datadog's test agent checks and the Agent does not", async () => {
    const agent = await withAgent();

    await fetch(`${agent.url}/v0.4/traces`, {
      method: "PUT",
      headers: { "x-datadog-trace-count": "3" },
      body: oneSpanPayload({ meta: { events: "{" } }),
    });

    expect(agent.rejections()).toEqual([]);
    expect(agent.checkFailures().map(({ check, message }) => [check, message])).toEqual([
      ["meta_events_is_valid_json", "meta.events of web.request is no JSON array"],
      ["trace_count_header", "X-Datadog-Trace-Count is 3 for 1 traces"],
      ["meta_tracer_version_header", "Datadog-Meta-Tracer-Version is missing"],
    ]);
  });

  test("reports no check failure for a payload sent as a tracer does", async () => {
    const agent = await withAgent();

    await putTraces(agent.url, oneSpanPayload({ meta: { events: "[]" } }));

    expect(agent.checkFailures()).toEqual([]);
  });

  test("reports a missing content length and trace count", async () => {
    const agent = await withAgent();
    const { socket } = await rawConnection(agent.url);

    socket.write(Buffer.concat(chunkedPut("/v0.4/traces", oneSpanPayload(), 100)));
    await agent.waitFor({ requests: 1 });

    expect(agent.checkFailures().map(({ check }) => check)).toEqual([
      "trace_count_header",
      "meta_tracer_version_header",
      "trace_content_length",
    ]);
    socket.destroy();
  });
});

describe("a body over the limit", () => {
  test("is refused with 413 although its length was announced", async () => {
    const agent = await withAgent({ maxBodyBytes: 1000 });

    const answer = await putTraces(agent.url, new Uint8Array(1001));

    expect(answer.status).toBe(413);
    expect(await answer.text()).toBe("the body is larger than 1000 bytes\n");
    expect(agent.rejections()).toMatchObject([{ status: 413, bodySize: 1001 }]);
  });

  test("is refused with 413 when it comes in chunks", async () => {
    const agent = await withAgent({ maxBodyBytes: 1000 });
    const { socket, received } = await rawConnection(agent.url);

    socket.write(Buffer.concat(chunkedPut("/v0.4/traces", new Uint8Array(5000), 700)));

    await expect.poll(received).toContain("413 Payload Too Large");
    socket.destroy();
  });

  test("is read up to exactly the limit", async () => {
    const body = oneSpanPayload();
    const agent = await withAgent({ maxBodyBytes: body.length });

    expect((await putTraces(agent.url, body)).status).toBe(200);
  });

  test("is refused with 429 while eight others of full size are being read", async () => {
    const agent = await withAgent({ maxBodyBytes: 1000, maxProxyBodyBytes: 1000 });
    const slow = await Promise.all(Array.from({ length: 8 }, () => rawConnection(agent.url)));
    const almost = plainPut("/v0.4/traces", new Uint8Array(1000)).subarray(0, -1);
    for (const { socket } of slow) socket.write(almost);
    const ninth = async () => (await putTraces(agent.url, oneSpanPayload())).status;

    await expect.poll(ninth).toBe(429);
    for (const { socket } of slow) socket.destroy();
    await expect.poll(ninth).toBe(200);

    expect(agent.rejections()[0]).toMatchObject({
      status: 429,
      reason: "too many bodies are being read at once",
    });
  });

  test("is not read further than 64 MiB", async () => {
    let produced = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        produced += 1;
        yield Buffer.alloc(1024 * 1024);
      }
    }
    const request = Readable.from(endless(), { objectMode: false }) as IncomingMessage;

    const body = await readBody(request, 1000, new ByteBudget(1_000_000));

    expect(body).toEqual({ outcome: "too-large", size: 65 * 1024 * 1024 });
    expect(produced).toBeLessThan(100);
  });

  test("is 25 MiB by default", async () => {
    const agent = await withAgent();
    const limit = 25 * 1024 * 1024;

    const refused = await putTraces(agent.url, new Uint8Array(limit + 1));
    const read = await putTraces(agent.url, new Uint8Array(limit).fill(0xc1));

    expect([refused.status, read.status]).toEqual([413, 400]);
  });
});

test("statistics must be one MessagePack map", async () => {
  const agent = await withAgent();

  const good = await putTraces(agent.url, msgpack({ Stats: [] }), "/v0.6/stats");
  const noMap = await putTraces(agent.url, msgpack([1]), "/v0.6/stats");
  const more = await putTraces(agent.url, Uint8Array.of(0x80, 0x80), "/v0.6/stats");

  expect([good.status, noMap.status, more.status]).toEqual([200, 400, 400]);
});
