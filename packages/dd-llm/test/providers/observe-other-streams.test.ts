import { EventEmitter } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { observeStream } from "../../src/stream/observe-stream.ts";

/** Everything an observer was told, as text. */
function recordingObserver() {
  const seen: string[] = [];
  return {
    seen,
    onChunk: (chunk: unknown) => {
      seen.push(String(chunk));
    },
    onEnd: (outcome: string, error?: unknown) => {
      seen.push(error === undefined ? `end ${outcome}` : `end ${outcome}: ${String(error)}`);
    },
  };
}

/** A stream that tells when it is asked for a chunk, and when it is cancelled. */
function askedStream(chunks: readonly unknown[], end: "close" | "hold" | Error = "close") {
  const calls: string[] = [];
  const rest = [...chunks];
  const stream = new ReadableStream<unknown>(
    {
      pull(controller) {
        calls.push("pull");
        if (rest.length > 0) controller.enqueue(rest.shift());
        else if (end === "close") controller.close();
        else if (end instanceof Error) controller.error(end);
        else return new Promise(() => {});
        return undefined;
      },
      cancel(reason) {
        calls.push(`cancel ${String(reason)}`);
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, calls };
}

async function readAll(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

async function readByReader(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    chunks.push(value);
  }
}

const upperCase = () =>
  new TransformStream<unknown, unknown>({
    transform: (chunk, controller) => controller.enqueue(String(chunk).toUpperCase()),
  });

describe("a ReadableStream", () => {
  test.each([
    ["iteration", readAll],
    ["values()", (stream: ReadableStream<unknown>) => readAll(stream.values())],
    ["a reader", readByReader],
    [
      "a pipe",
      (stream: ReadableStream<unknown>) => readAll(stream.pipeThrough(new TransformStream())),
    ],
  ])("read by %s gives its chunks and ends once", async (_name, read) => {
    const observer = recordingObserver();
    const { stream } = askedStream(["a", "b"]);

    expect(observeStream(stream, observer)).toBe(true);

    expect(await read(stream)).toEqual(["a", "b"]);
    expect(observer.seen).toEqual(["a", "b", "end completed"]);
  });

  test("both branches of tee() give everything, and it is seen once", async () => {
    const observer = recordingObserver();
    const { stream } = askedStream(["a", "b"]);
    observeStream(stream, observer);

    const [left, right] = stream.tee();

    expect(await Promise.all([readAll(left), readAll(right)])).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
    expect(observer.seen).toEqual(["a", "b", "end completed"]);
  });

  test("a pipe asks for no chunk before it is asked itself", async () => {
    const bare = askedStream(["a", "b", "c"]);
    const observed = askedStream(["a", "b", "c"]);
    observeStream(observed.stream, recordingObserver());

    for (const { stream, calls } of [bare, observed]) {
      const reader = stream.pipeThrough(upperCase(), {}).getReader();
      expect((await reader.read()).value).toBe("A");
      await new Promise((resolve) => setImmediate(resolve));
      expect(calls.length).toBeLessThanOrEqual(2);
      await reader.cancel("enough");
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(observed.calls.at(-1)).toBe(bare.calls.at(-1));
  });

  test.each([
    [
      "iteration",
      async (stream: ReadableStream<unknown>) => {
        for await (const _chunk of stream) break;
      },
    ],
    [
      "a reader",
      async (stream: ReadableStream<unknown>) => {
        const reader = stream.getReader();
        await reader.read();
        await reader.cancel();
      },
    ],
    [
      "a pipe",
      async (stream: ReadableStream<unknown>) => {
        for await (const _chunk of stream.pipeThrough(upperCase())) break;
      },
    ],
  ])("left by %s is cancelled itself, and so recorded", async (_name, leave) => {
    const observer = recordingObserver();
    const { stream, calls } = askedStream(["a", "b", "c"], "hold");
    observeStream(stream, observer);

    await leave(stream);

    expect(calls.at(-1)).toBe("cancel undefined");
    expect(observer.seen.at(-1)).toBe("end cancelled");
    expect(observer.seen.filter((entry) => entry.startsWith("end"))).toHaveLength(1);
  });

  test.each([
    ["iteration", readAll],
    ["a reader", readByReader],
    ["a pipe", (stream: ReadableStream<unknown>) => readAll(stream.pipeThrough(upperCase()))],
  ])("that fails while it is read by %s gives its error to both", async (_name, read) => {
    const observer = recordingObserver();
    const { stream } = askedStream(["a"], new RangeError("broken"));
    observeStream(stream, observer);

    await expect(read(stream)).rejects.toThrow("broken");

    expect(observer.seen).toEqual(["a", "end failed: RangeError: broken"]);
  });

  test("that fails while nobody reads on is noticed all the same", async () => {
    const observer = recordingObserver();
    let fail: (error: Error) => void = () => {};
    const stream = new ReadableStream<unknown>({
      start(controller) {
        controller.enqueue("a");
        fail = (error) => controller.error(error);
      },
    });
    observeStream(stream, observer);
    await stream.getReader().read();

    fail(new DOMException("stopped", "AbortError"));
    await new Promise((resolve) => setImmediate(resolve));

    expect(observer.seen).toEqual(["a", "end aborted: AbortError: stopped"]);
  });

  test("one reader after the other is followed, and a reader that lets go is no end", async () => {
    const observer = recordingObserver();
    const { stream } = askedStream(["a", "b"]);
    observeStream(stream, observer);

    const first = stream.getReader();
    await first.read();
    first.releaseLock();
    expect(await readByReader(stream)).toEqual(["b"]);

    expect(observer.seen).toEqual(["a", "b", "end completed"]);
  });

  test("partly read and forgotten is recorded when it is collected", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const observer = recordingObserver();
    const start = async () => {
      const { stream } = askedStream(["a", "b"], "hold");
      observeStream(stream, observer);
      await stream.getReader().read();
    };
    await start();

    for (let round = 0; round < 50 && observer.seen.length < 2; round += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }

    expect(observer.seen).toEqual(["a", "end cancelled"]);
  });

  test("any chunks arrive unchanged through any way of reading", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.anything(), { maxLength: 8 }),
        fc.constantFrom(readAll, readByReader, (stream: ReadableStream<unknown>) =>
          readAll(stream.pipeThrough(new TransformStream())),
        ),
        async (chunks, read) => {
          const { stream } = askedStream(chunks);
          observeStream(stream, { onChunk() {}, onEnd() {} });
          const received = await read(stream);
          expect(received).toHaveLength(chunks.length);
          for (const [index, chunk] of chunks.entries()) expect(received[index]).toBe(chunk);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("an emitter", () => {
  test("is observed by its events, without a listener of ours", () => {
    const observer = recordingObserver();
    const emitter = new EventEmitter();

    expect(observeStream(emitter, observer)).toBe(true);
    emitter.emit("data", "a");
    emitter.emit("other", "x");
    emitter.emit("chunk", "b");
    emitter.emit("end");
    emitter.emit("close");

    expect(observer.seen).toEqual(["a", "b", "end completed"]);
    expect(emitter.eventNames()).toEqual([]);
  });

  test("whose error nobody listens to throws it as before", () => {
    const observer = recordingObserver();
    const emitter = new EventEmitter();
    observeStream(emitter, observer);

    expect(() => emitter.emit("error", new RangeError("broken"))).toThrow("broken");

    expect(observer.seen).toEqual(["end failed: RangeError: broken"]);
  });

  test("may have events of its own", () => {
    const observer = recordingObserver();
    const emitter = new EventEmitter();
    observeStream(emitter, observer, { events: { chunk: ["token"], end: ["final"] } });

    emitter.emit("data", "no chunk here");
    emitter.emit("token", "a");
    emitter.emit("final");

    expect(observer.seen).toEqual(["a", "end completed"]);
  });

  test("that stops without an end is cancelled, or aborted by its signal", () => {
    const left = recordingObserver();
    const stopped = recordingObserver();
    const abort = new AbortController();
    const emitters = [new EventEmitter(), new EventEmitter()] as const;
    observeStream(emitters[0], left);
    observeStream(emitters[1], stopped, { signal: abort.signal });

    emitters[0].emit("close");
    abort.abort();
    emitters[1].on("error", () => {});
    emitters[1].emit("error", new Error("socket hang up"));

    expect(left.seen).toEqual(["end cancelled"]);
    expect(stopped.seen[0]).toContain("end aborted");
  });

  test("a stream of Node is seen once per chunk, however it is read", async () => {
    const iterated = recordingObserver();
    const flowing = recordingObserver();
    const source = () => Readable.from(["a", "b"]);
    const [first, second] = [source(), source()];
    observeStream(first, iterated);
    observeStream(second, flowing);
    expect(second.readableFlowing).toBeNull();

    expect(await readAll(first)).toEqual(["a", "b"]);
    expect(await readAll(second.pipe(new PassThrough({ objectMode: true })))).toEqual(["a", "b"]);

    expect(iterated.seen).toEqual(["a", "b", "end completed"]);
    expect(flowing.seen).toEqual(["a", "b", "end completed"]);
  });

  test("a stream of Node that is left early is cancelled", async () => {
    const observer = recordingObserver();
    const stream = Readable.from(["a", "b"]);
    observeStream(stream, observer);

    for await (const _chunk of stream) break;
    await new Promise((resolve) => setImmediate(resolve));

    expect(observer.seen.at(-1)).toBe("end cancelled");
  });
});
