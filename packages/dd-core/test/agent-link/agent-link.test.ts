import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { accept } from "../support/intake.ts";
import { eventually, linkTo, refuseFor } from "./link-fixture.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("the Agent link", () => {
  test("delivers at once, and passes the answer on", async () => {
    const { link, intake, payload } = await linkTo();
    const answers: string[] = [];
    link.submit(payload(3, { onAccepted: (answer) => void answers.push(answer) }));

    expect(await link.flush(1_000)).toBe(true);
    expect(intake.received).toHaveLength(1);
    expect(answers).toEqual(['{"rate_by_service":{}}']);
    expect(link.counts()).toMatchObject({ accepted: 3, delivered: 3, buffered: 0, attempts: 1 });
    expect(link.counts().lastLatencyMs).toBeGreaterThan(0);
    expect(link.health()).toMatchObject({ breaker: "closed", agentReachable: true });
  });

  test("has nothing to do with a payload of nothing", async () => {
    const { link, intake, payload } = await linkTo();
    link.submit(payload(0));

    expect(await link.flush(1_000)).toBe(true);
    expect(intake.received).toEqual([]);
  });

  test("tries again until the Agent takes it", async () => {
    const { link, intake, payload } = await linkTo();
    intake.respond = refuseFor(503);
    for (const items of [1, 2, 3]) link.submit(payload(items));
    await eventually(() => expect(intake.received.length).toBeGreaterThan(4));
    intake.respond = accept;

    expect(await link.flush(5_000)).toBe(true);
    expect(link.counts()).toMatchObject({ accepted: 6, delivered: 6, dropped: {} });
    expect(link.counts().failures["status_503"]).toBeGreaterThan(0);
  });

  test("makes one attempt at a time while the Agent fails", async () => {
    const { link, intake, payload } = await linkTo({}, { breakerFailures: 1_000 });
    let open = 0;
    let most = 0;
    intake.respond = (response) => {
      open += 1;
      if (intake.received.length > 4) most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        refuseFor(503)(response);
      }, 5);
    };
    for (let index = 0; index < 10; index += 1) link.submit(payload());
    await eventually(() => expect(intake.received.length).toBeGreaterThan(15));

    expect(most).toBe(1);
  });

  test("lets no payload that always fails hold up the others, and gives it up in the end", async () => {
    const { link, intake, payload } = await linkTo({}, { breakerFailures: 1_000 });
    intake.respond = (response) => {
      const { body } = intake.received.at(-1) ?? {};
      if (body?.toString() === "poison") refuseFor(500)(response);
      else accept(response);
    };
    link.submit(payload(7, { body: Buffer.from("poison") }));
    for (let index = 0; index < 40 && link.counts().buffered > 0; index += 1) {
      link.submit(payload(1));
      await eventually(() => expect(link.counts().buffered).toBeLessThanOrEqual(7));
    }
    await eventually(() => expect(link.counts().buffered).toBe(0));

    const { accepted, delivered, dropped } = link.counts();
    expect(dropped).toEqual({ given_up_status_500: 7 });
    expect(delivered).toBe(accepted - 7);
  });

  test("waits as long as the Agent asks for", async () => {
    const { link, intake, payload } = await linkTo();
    intake.respond = (response) => void response.writeHead(429, { "retry-after": "30" }).end();
    link.submit(payload());
    await eventually(() => expect(link.counts().failures).toEqual({ status_429: 1 }));
    await delay(50);

    expect(intake.received).toHaveLength(1);
    expect(link.counts().buffered).toBe(1);
  });

  test("a flush waits for what the Agent asks for where there is time, and tries at once where there is not", async () => {
    const { link, intake, payload } = await linkTo();
    intake.respond = (response) => void response.writeHead(429, { "retry-after": "1" }).end();
    link.submit(payload());
    await eventually(() => expect(link.counts().failures).toEqual({ status_429: 1 }));
    expect(await link.flush(100)).toBe(false);
    expect(link.counts().attempts).toBe(2);
    const askedAt = performance.now();
    intake.respond = accept;

    expect(await link.flush(10_000)).toBe(true);
    expect(performance.now() - askedAt).toBeGreaterThan(700);
    expect(link.counts().attempts).toBe(3);
  });

  test("drops what the Agent will never take, counted by reason, and goes on", async () => {
    const { link, intake, errors, payload } = await linkTo();
    intake.respond = refuseFor(413);
    link.submit(payload(4));
    expect(await link.flush(1_000)).toBe(true);
    intake.respond = accept;
    link.submit(payload(2));
    await link.flush(1_000);

    expect(link.counts()).toMatchObject({ accepted: 6, delivered: 2, dropped: { status_413: 4 } });
    expect(errors.map(({ message }) => message)).toEqual([
      "4 items of traces could not be kept or delivered: status_413.",
    ]);
    expect(intake.received).toHaveLength(2);
  });

  test("never sends again what the Agent may have taken", async () => {
    const { link, intake, payload } = await linkTo();
    intake.respond = (response) => void response.socket?.end();
    link.submit(payload(5));

    expect(await link.flush(1_000)).toBe(true);
    await delay(50);
    expect(intake.received).toHaveLength(1);
    expect(link.counts()).toMatchObject({ unconfirmed: 5, delivered: 0, buffered: 0 });
  });

  test("stops trying for a while after so many failures, says so once, then probes once", async () => {
    const { link, intake, errors, payload } = await linkTo({}, { breakerOpenMs: 300 });
    intake.respond = refuseFor(503);
    for (let index = 0; index < 3; index += 1) link.submit(payload());
    await eventually(() => expect(link.health().breaker).toBe("open"));
    const whenOpen = intake.received.length;
    await delay(100);
    expect(intake.received).toHaveLength(whenOpen);
    await eventually(() => expect(intake.received).toHaveLength(whenOpen + 1));
    await delay(100);

    expect(intake.received).toHaveLength(whenOpen + 1);
    expect(await link.flush(300)).toBe(false);
    expect(errors.map(({ name }) => name)).toEqual(["AgentUnreachableError"]);
    expect(errors[0]?.message).toContain("(status_503)");
    intake.respond = accept;
    expect(await link.flush(2_000)).toBe(true);
    expect(link.health().breaker).toBe("closed");
  });

  test("a flush ends in time, and leaves what is not delivered to a later one", async () => {
    const { link, intake, payload } = await linkTo();
    intake.respond = () => {};
    link.submit(payload(2));

    expect(await link.flush(50)).toBe(false);
    expect(link.counts()).toMatchObject({ accepted: 2, buffered: 2 });
  });

  test("an impatient flush ends as soon as nobody listens, a patient one tries until its time is up", async () => {
    const { link, payload } = await linkTo();
    const { route } = payload();
    link.submit(payload(2, { route: { ...route, url: "http://127.0.0.1:1" } }));
    const start = performance.now();

    expect(await link.flush(60_000, false)).toBe(false);
    expect(performance.now() - start).toBeLessThan(30_000);
    const { attempts } = link.counts();
    expect(await link.flush(100)).toBe(false);
    expect(link.counts().attempts).toBeGreaterThan(attempts + 1);
    expect(link.counts().buffered).toBe(2);
  });

  test("a flush does not wait for what comes after it", async () => {
    const { link, intake, payload } = await linkTo();
    link.submit(payload());
    const flushed = link.flush(5_000);
    intake.respond = (response) => {
      if (intake.received.length === 1) accept(response);
    };
    link.submit(payload());

    expect(await flushed).toBe(true);
    expect(link.counts().buffered).toBe(1);
  });

  test("with too small a buffer the oldest go, and the sum stays right", async () => {
    const { link, intake, payload } = await linkTo({ maxSpans: 10 });
    intake.respond = refuseFor(503);
    for (let index = 0; index < 20; index += 1) {
      link.submit(payload(3));
      await delay(1);
    }
    intake.respond = accept;
    await link.flush(5_000);

    const { accepted, delivered, dropped, buffered } = link.counts();
    expect(accepted).toBe(60);
    expect(delivered + (dropped["buffer_full"] ?? 0) + buffered).toBe(60);
    expect(delivered).toBeGreaterThanOrEqual(10);
    // At the moment the buffer is cut one payload may be on its way.
    expect(delivered).toBeLessThanOrEqual(13);
  });

  test("keeps nothing of the asynchronous context of whoever finished a span", async () => {
    const context = new AsyncLocalStorage<string>();
    const { link, payload } = await linkTo();
    const seen: unknown[] = [];
    context.run("request 1", () =>
      link.submit(payload(1, { onAccepted: () => void seen.push(context.getStore()) })),
    );
    await link.flush(1_000);

    expect(seen).toEqual([undefined]);
  });

  test("at the end hands out what was not handed over, and counts what becomes of it", async () => {
    const { link, intake, payload } = await linkTo();
    intake.respond = () => {};
    link.submit(payload(1));
    await eventually(() => expect(intake.received).toHaveLength(1));
    link.stop();
    link.submit(payload(2));
    link.submit(payload(4));
    const left = link.end();
    for (const [index, one] of left.entries()) {
      link.settleAtExit(
        one,
        index === 0 ? { state: "delivered", answer: "" } : { state: "failed", reason: "exit" },
      );
    }

    expect(left.map(({ items }) => items)).toEqual([2, 4]);
    expect(link.counts()).toMatchObject({
      accepted: 7,
      unconfirmed: 1,
      delivered: 2,
      dropped: { exit: 4 },
      buffered: 0,
    });
  });

  test("at the end hands everything out, also what a full buffer would have let go", async () => {
    const { link, payload } = await linkTo({ maxSpans: 5 });
    link.stop();
    link.submit(payload(4));
    link.submit(payload(4));

    expect(link.end().map(({ items }) => items)).toEqual([4, 4]);
  });

  test("asks for the Agent's health only while there is no traffic, and learns its version", async () => {
    const { link, intake, payload } = await linkTo({}, { healthIntervalMs: 40 });
    intake.respond = (response, path) =>
      path === "/info" ? void response.end('{"version":"7.72.0"}') : accept(response);
    for (let index = 0; index < 10; index += 1) {
      link.submit(payload());
      await delay(10);
    }
    expect(intake.received.filter(({ path }) => path === "/info")).toEqual([]);
    await eventually(() => expect(link.health().agentVersion).toBe("7.72.0"));

    intake.respond = (response) => void response.destroy();
    await eventually(() => expect(link.health().agentReachable).toBe(false));
  });
});
