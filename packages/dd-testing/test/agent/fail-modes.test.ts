import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect, createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { type FailMode, type Fault, resolveFault } from "../../src/agent/fail-mode.ts";
import { reopen } from "../../src/agent/reopen.ts";
import type { TestAgent } from "../../src/agent/test-agent.ts";
import { plainPut, rawConnection } from "../support/raw-http.ts";
import { oneSpanPayload, putTraces } from "../support/trace-payload.ts";
import { withAgent } from "../support/with-agent.ts";

/** Status of a trace request, or the code of the error it ended with. */
async function outcome(agent: TestAgent): Promise<number | string> {
  const body = oneSpanPayload();
  return new Promise((resolve) => {
    const request = httpRequest(
      `${agent.url}/v0.4/traces`,
      { method: "PUT", agent: false, headers: { "content-length": body.length } },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", (error: NodeJS.ErrnoException) =>
          resolve(error.code ?? error.message),
        );
      },
    );
    request.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.end(body);
  });
}

describe("fail", () => {
  test.each<[string, FailMode, number | string, number]>([
    ["429", 429, 429, 0],
    ["503", 503, 503, 0],
    ["a status with details", { mode: "status", status: 500 }, 500, 0],
    ["reset", "reset", "ECONNRESET", 0],
    ["half-close", "half-close", "ECONNRESET", 1],
    ["garbage", "garbage", "HPE_INVALID_CONSTANT", 1],
    ["wrong-content-length", "wrong-content-length", "ECONNRESET", 1],
    ["slow", { mode: "slow", ms: 20 }, 200, 1],
    ["stall", { mode: "stall", ms: 20 }, 200, 1],
  ])(
    "with %s breaks the answer and takes the data or not",
    async (_name, mode, expected, spans) => {
      const agent = await withAgent();

      await agent.fail(mode);
      const broken = await outcome(agent);
      const taken = agent.spans().length;
      await agent.fail(null);
      const healed = await outcome(agent);

      expect(broken).toBe(expected);
      expect(taken).toBe(spans);
      expect(healed).toBe(200);
      const name =
        typeof mode === "object" ? mode.mode : typeof mode === "number" ? "status" : mode;
      const unanswered = ["reset", "half-close", "garbage"].includes(name);
      const status = typeof expected === "number" ? expected : 200;
      expect(agent.requests()).toMatchObject([
        { fault: name, status: unanswered ? null : status },
        { status: 200 },
      ]);
      expect(agent.requests()[1]?.fault).toBeUndefined();
    },
  );

  test.each<[FailMode, Fault]>([
    ["stall", { mode: "stall", ms: Number.POSITIVE_INFINITY }],
    ["slow", { mode: "slow", ms: 1000 }],
    [
      { mode: "slow", ms: 0 },
      { mode: "slow", ms: 0 },
    ],
    [400, { mode: "status", status: 400, retryAfterSeconds: 1 }],
    [599, { mode: "status", status: 599, retryAfterSeconds: 1 }],
  ])("with %j means %j", (mode, fault) => {
    expect(resolveFault(mode)).toEqual(fault);
  });

  test("with a status sends Retry-After, one second unless told otherwise", async () => {
    const agent = await withAgent();
    const retryAfter = async () =>
      (await putTraces(agent.url, oneSpanPayload())).headers.get("retry-after");

    await agent.fail(503);
    const byDefault = await retryAfter();
    await agent.fail({ mode: "status", status: 429, retryAfterSeconds: 7 });
    const given = await retryAfter();
    await agent.fail({ mode: "status", status: 429, retryAfterSeconds: null });
    const none = await retryAfter();

    expect([byDefault, given, none]).toEqual(["1", "7", null]);
  });

  test("with refuse closes both ports and opens the same ones again", async () => {
    const agent = await withAgent();

    await agent.fail("refuse");
    const refused = await outcome(agent);
    await agent.fail(null);
    const healed = await outcome(agent);

    expect([refused, healed]).toEqual(["ECONNREFUSED", 200]);
    expect(agent.spans()).toHaveLength(1);
  });

  test("with refuse ends connections that are open", async () => {
    const agent = await withAgent();
    const { socket, received, ended } = await rawConnection(agent.url);
    socket.write(plainPut("/v0.4/traces", oneSpanPayload()));
    await expect.poll(received).toContain("200 OK");

    await agent.fail("refuse");

    await ended;
    expect(socket.destroyed).toBe(true);
  });

  test("heals from refuse when another process gives the port back in time", async () => {
    const agent = await withAgent();
    await agent.fail("refuse");
    const intruder = createServer().listen(Number(new URL(agent.url).port), "127.0.0.1");
    await once(intruder, "listening");

    const healing = agent.fail(null);
    await new Promise((resolve) => setTimeout(resolve, 20));
    intruder.close();
    await healing;

    expect(await outcome(agent)).toBe(200);
  });

  test("gives up opening a port that stays taken", async () => {
    let tries = 0;
    const taken = async () => {
      tries += 1;
      throw new Error("EADDRINUSE");
    };

    await expect(reopen({ open: taken }, 2)).rejects.toThrow("EADDRINUSE");
    expect(tries).toBe(2);
  });

  test("may go from refuse to another fault and back", async () => {
    const agent = await withAgent();

    await agent.fail("refuse");
    await agent.fail("refuse");
    await agent.fail(503);
    const status = await outcome(agent);
    await agent.fail("refuse");
    const refused = await outcome(agent);

    expect([status, refused]).toEqual([503, "ECONNREFUSED"]);
  });

  test("with stall holds the answer until healed, and has the data at once", async () => {
    const agent = await withAgent();
    await agent.fail("stall");

    const answer = outcome(agent);
    await agent.waitFor({ spans: 1 });
    await agent.fail(null);

    expect(await answer).toBe(200);
    expect(agent.requests()).toMatchObject([{ status: 200, fault: "stall" }]);
  });

  test("with slow sends the head of the answer before its body", async () => {
    const agent = await withAgent();
    await agent.fail({ mode: "slow", ms: 60_000 });
    const { socket, received } = await rawConnection(agent.url);

    socket.write(plainPut("/v0.4/traces", oneSpanPayload()));
    await expect.poll(received).toContain("200 OK");
    const early = received();
    await agent.fail(null);

    expect(early).not.toContain("rate_by_service");
    await expect.poll(received).toContain('{"rate_by_service":{"service:,env:":1}}');
    socket.destroy();
  });

  test("with half-close sends no byte and then the end of its side only", async () => {
    const agent = await withAgent();
    await agent.fail("half-close");
    const socket = connect({
      port: Number(new URL(agent.url).port),
      host: "127.0.0.1",
      allowHalfOpen: true,
    });
    const bytes: Buffer[] = [];
    socket.on("data", (chunk) => bytes.push(chunk));
    const ended = new Promise((resolve) => {
      socket.on("end", resolve);
    });

    socket.write(plainPut("/v0.4/traces", oneSpanPayload()));
    await ended;

    expect(bytes).toEqual([]);
    expect(socket.writable).toBe(true);
    socket.destroy();
  });

  test("applies to given paths only", async () => {
    const agent = await withAgent();

    await agent.fail(503, { paths: ["/v0.4/"] });
    const info = await fetch(`${agent.url}/info`);

    expect([info.status, await outcome(agent)]).toEqual([200, 503]);
  });

  test("heals by itself after a number of requests to its paths", async () => {
    const agent = await withAgent();

    await agent.fail(503, { times: 2, paths: ["/v0.4/"] });
    await fetch(`${agent.url}/info`);
    const statuses = [await outcome(agent), await outcome(agent), await outcome(agent)];

    expect(statuses).toEqual([503, 503, 200]);
  });

  test("leaves DogStatsD alone unless it refuses", async () => {
    const { createSocket } = await import("node:dgram");
    const agent = await withAgent();
    const socket = createSocket("udp4");

    await agent.fail(503);
    socket.send("a:1|c", agent.dogstatsdPort, "127.0.0.1");
    await agent.waitFor({ metrics: 1 });

    expect(agent.metrics()).toHaveLength(1);
    socket.close();
  });

  test.each<[unknown, object, string]>([
    ["teapot", {}, "unknown mode"],
    [{ mode: "nothing" }, {}, "unknown mode"],
    [200, {}, "status must be a whole number from 400 to 599"],
    [{ mode: "status", status: 503.5 }, {}, "status must be"],
    [{ mode: "stall", ms: -1 }, {}, "ms must be at least 0"],
    [{ mode: "slow", ms: Number.NaN }, {}, "ms must be at least 0"],
    ["refuse", { times: 1 }, "refuse takes no paths and no times"],
    ["refuse", { paths: ["/"] }, "refuse takes no paths and no times"],
    [undefined, {}, "unknown mode undefined"],
    [503, { paths: "/v0.4" }, "paths must be an array of strings"],
    [503, { paths: [1] }, "paths must be an array of strings"],
    [503, { times: 0 }, "times must be a whole number above 0, not 0"],
    [503, { times: 1.5 }, "times must be a whole number above 0"],
  ])("rejects for the mode %j with options %j", async (mode, options, message) => {
    const agent = await withAgent();

    await expect(agent.fail(mode as FailMode, options)).rejects.toThrow(message);
    expect(await outcome(agent)).toBe(200);
  });

  test("does nothing once the agent is stopped", async () => {
    const agent = await withAgent();
    await agent.stop();

    await agent.fail(null);

    expect(await outcome(agent)).toBe("ECONNREFUSED");
  });
});
