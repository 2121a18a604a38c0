import { request } from "node:http";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Delivery, sharedDelivery } from "../src/dd-trace/delivery.ts";
import { accept, type Intake, startIntake } from "./support/intake.ts";

/** The one of this process; a request that succeeds makes it forget earlier failures. */
const delivery: Delivery = sharedDelivery();
let intake: Intake;
beforeEach(async () => {
  intake = await startIntake();
  await send("/v0.4/traces");
  intake.received.length = 0;
});
afterEach(() => intake.stop());

/** Sends one request and tells when it is over, however it ends. */
function send(path: string, port = intake.port): Promise<unknown> {
  const sent = request({ host: "127.0.0.1", port, path, method: "PUT" }, (response) =>
    response.resume(),
  );
  sent.on("error", () => {});
  sent.end("spans");
  // Not `once`, which rejects on the error that comes first.
  return new Promise((resolve) => sent.on("close", resolve));
}

describe("a delivery", () => {
  test.each([
    "/v0.4/traces",
    "/v0.5/traces",
    "/evp_proxy/v2/api/v2/llmobs",
    "/api/v2/llmobs",
    "/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric",
  ])("to %s is complete when it has been accepted", async (path) => {
    let answered = false;
    intake.respond = (response) => {
      setTimeout(() => {
        answered = true;
        accept(response);
      }, 10);
    };

    expect(await delivery.send(() => void send(path))).toBe(true);
    expect(answered).toBe(true);
  });

  test.each([300, 404, 413, 500])("is not complete when the answer is %d", async (status) => {
    intake.respond = (response) => void response.writeHead(status).end();

    expect(await delivery.send(() => void send("/v0.4/traces"))).toBe(false);
  });

  test("is not complete when nobody listens, or the connection breaks", async () => {
    expect(await delivery.send(() => void send("/v0.4/traces", 1))).toBe(false);

    intake.respond = (response) => void response.destroy();
    expect(await delivery.send(() => void send("/v0.4/traces"))).toBe(false);
  });

  test("is not complete when one of several requests failed", async () => {
    const complete = delivery.send(() => {
      void send("/v0.4/traces");
      void send("/api/v2/llmobs", 1);
    });

    expect(await complete).toBe(false);
  });

  test("of nothing is complete, unless what went before has failed", async () => {
    expect(await delivery.send(() => {})).toBe(true);

    await delivery.send(() => void send("/v0.4/traces", 1));
    expect(await delivery.send(() => {})).toBe(false);

    await delivery.send(() => void send("/v0.4/traces"));
    expect(await delivery.send(() => {})).toBe(true);
  });

  test("waits for a request that was under way before", async () => {
    let release: () => void = () => {};
    intake.respond = (response) => {
      release = () => accept(response);
    };
    void send("/v0.4/traces");
    let result: boolean | undefined;
    const waiting = delivery
      .send(() => {})
      .then((complete) => {
        result = complete;
      });
    while (intake.received.length === 0) await setImmediate();

    expect(result).toBeUndefined();
    release();
    await waiting;
    expect(result).toBe(true);
  });

  test("does not wait for a request that starts while it waits", async () => {
    const held: (() => void)[] = [];
    intake.respond = (response) => held.push(() => accept(response));
    const waiting = delivery.send(() => void send("/v0.4/traces"));
    while (held.length === 0) await setImmediate();
    const later = send("/v0.4/traces");
    held[0]?.();

    expect(await waiting).toBe(true);
    while (held.length === 1) await setImmediate();
    held[1]?.();
    await later;
  });

  test("ignores the application's own requests", async () => {
    let release: () => void = () => {};
    intake.respond = (response) => {
      release = () => accept(response);
    };
    const own = ["/", "/traces", "/v0.4/traces/other", "/my/v0.4/traces", "/api/v2/llmobs2"].map(
      (path) => send(path),
    );

    expect(await delivery.send(() => {})).toBe(true);
    intake.respond = accept;
    while (intake.received.length === 0) await setImmediate();
    release();
    void own;
  });
});

test("all clients of a process share one subscription", () => {
  expect(sharedDelivery()).toBe(sharedDelivery());
});
