import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DatagramSender } from "../../src/delivery/datagram-sender.ts";
import { LineBuffer } from "../../src/delivery/line-buffer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Done = (error?: Error | null) => void;

function start(texts: readonly string[], sendsAtOnce = true) {
  const pending: { message: string; done: Done }[] = [];
  const counts = { sent: 0, unconfirmed: 0, dropped: 0 };
  const errors: string[] = [];
  const buffer = new LineBuffer(1_000, () => {
    counts.dropped += 1;
  });
  for (const text of texts) buffer.push({ text, bytes: text.length, calls: 1 });
  const sender = new DatagramSender({
    buffer,
    maximumBytes: 5,
    refill: () => {},
    transport: {
      send: (message, done) => pending.push({ message, done }),
      sendsAtOnce: () => sendsAtOnce,
    },
    onSent: (calls) => {
      counts.sent += calls;
    },
    onUnconfirmed: (calls) => {
      counts.unconfirmed += calls;
    },
    onError: ({ message }) => errors.push(message),
  });
  const messages = () => pending.map(({ message }) => message);
  const answer = (error?: Error) => {
    for (const { done } of pending.splice(0)) done(error);
  };
  return { sender, buffer, pending, messages, answer, counts, errors };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `l${index % 10}`);

describe("sending", () => {
  test("packs as many lines into a datagram as fit, in their order", () => {
    const { sender, messages } = start(["a", "bb", "ccccc", "d"]);
    sender.start();
    expect(messages()).toEqual(["a\nbb", "ccccc", "d"]);
  });

  test("a line that is longer than a datagram goes alone", () => {
    const { sender, messages } = start(["a", "bbbbbbbb", "c"]);
    sender.start();
    expect(messages()).toEqual(["a", "bbbbbbbb", "c"]);
  });

  test("pauses after eight datagrams, so that the receiver keeps up", async () => {
    const { sender, messages, answer, counts } = start(numbered(40));
    const flushed = sender.flush();
    expect(messages()).toHaveLength(8);
    answer();
    expect(messages()).toHaveLength(0);

    vi.advanceTimersByTime(1);
    expect(messages()).toHaveLength(8);
    answer();
    vi.advanceTimersByTime(1);
    answer();
    await flushed;
    expect(counts.sent).toBe(40);
  });

  test("keeps the process only where somebody waits for it", () => {
    const refs = vi.spyOn(globalThis, "setTimeout");
    const alone = start(numbered(40));
    alone.sender.start();
    alone.answer();
    const timer = refs.mock.results.at(-1)?.value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(false);

    void alone.sender.flush();
    expect(timer.hasRef()).toBe(true);
  });
});

describe("what cannot be sent", () => {
  test("goes back in its order and waits for the next start; the flush ends", async () => {
    const { sender, buffer, pending, messages, answer, errors, counts } = start(numbered(6));
    const flushed = sender.flush();
    pending[1]?.done();
    for (const index of [2, 0]) pending[index]?.done(new Error("refused"));
    await flushed;

    expect(errors).toEqual(["refused"]);
    expect(counts.sent).toBe(2);
    expect(buffer.length).toBe(4);
    pending.length = 0;
    sender.start();
    expect(messages()).toEqual(["l0\nl1", "l4\nl5"]);
    answer();
    expect(counts).toEqual({ sent: 6, unconfirmed: 0, dropped: 0 });
  });

  test("is given up and counted where it is too long for the system", () => {
    const { sender, buffer, answer, counts, errors } = start(["a"]);
    sender.start();
    answer(Object.assign(new Error("too long"), { code: "EMSGSIZE" }));

    expect(counts.unconfirmed).toBe(1);
    expect(buffer.length).toBe(0);
    expect(errors).toEqual([]);
  });

  test("because the transport throws is kept as well", () => {
    const { sender, buffer } = start(["a"]);
    const broken = new DatagramSender({
      buffer,
      maximumBytes: 5,
      refill: () => {},
      transport: {
        send: () => {
          throw new Error("torn down");
        },
        sendsAtOnce: () => false,
      },
      onSent: () => {},
      onUnconfirmed: () => {},
      onError: () => {},
    });
    broken.start();
    expect(buffer.length).toBe(1);
    expect(sender.callsInFlight).toBe(0);
  });
});

describe("a transport that does not answer", () => {
  test("is waited for, and after ten seconds given up", () => {
    const { sender, buffer, messages, counts, answer } = start(numbered(20));
    sender.start();
    vi.advanceTimersByTime(9_999);
    sender.start();
    expect(messages()).toHaveLength(8);

    vi.advanceTimersByTime(1);
    sender.start();
    expect(counts.unconfirmed).toBe(16);
    expect(buffer.length).toBe(0);

    // The answers of those that were given up count no more.
    answer();
    expect(counts.sent).toBe(4);
  });
});

describe("taking everything, at the end", () => {
  test("leaves out what the system has already, answered or not", () => {
    const { sender, counts } = start(numbered(18));
    sender.start();

    expect(sender.takeAll().map(({ message }) => message)).toEqual(["l6\nl7"]);
    expect(counts.sent).toBe(16);
    expect(sender.callsInFlight).toBe(0);
  });

  test("includes what still waits for an address", () => {
    const { sender, pending, counts } = start(numbered(4), false);
    sender.start();
    pending[0]?.done(new Error("not found"));

    expect(sender.takeAll().map(({ message }) => message)).toEqual(["l2\nl3", "l0\nl1"]);
    expect(counts.sent).toBe(0);
  });
});
