import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { observeStream } from "../src/stream/observe-stream.ts";
import { ChunkStream, readAll } from "./support/streams.ts";

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

async function* generate(...chunks: unknown[]): AsyncGenerator<unknown, void, unknown> {
  yield* chunks;
}

describe("every exit ends the observation once", () => {
  test("completion", async () => {
    const observer = recordingObserver();
    const stream = new ChunkStream(["a", "b"]);

    expect(observeStream(stream, observer)).toBe(true);
    expect(await readAll(stream)).toEqual(["a", "b"]);

    expect(observer.seen).toEqual(["a", "b", "end completed"]);
    expect(stream.calls).toEqual(["chunk", "chunk", "done", "closed"]);
  });

  test("leaving the loop, which reaches the stream itself", async () => {
    const observer = recordingObserver();
    const stream = new ChunkStream(["a", "b"]);
    observeStream(stream, observer);

    for await (const _chunk of stream) break;

    expect(observer.seen).toEqual(["a", "end cancelled"]);
    expect(stream.calls).toEqual(["chunk", "closed"]);
  });

  test("an error of the consumer", async () => {
    const observer = recordingObserver();
    const stream = new ChunkStream(["a", "b"]);
    observeStream(stream, observer);

    const reading = (async () => {
      for await (const _chunk of stream) throw new Error("mine");
    })();

    await expect(reading).rejects.toThrow("mine");
    expect(observer.seen).toEqual(["a", "end cancelled"]);
    expect(stream.calls).toEqual(["chunk", "closed"]);
  });

  test("an error of the provider, which the consumer gets unchanged", async () => {
    const observer = recordingObserver();
    const failure = new Error("broken");
    const stream = new ChunkStream(["a"], failure);
    observeStream(stream, observer);

    await expect(readAll(stream)).rejects.toBe(failure);
    expect(observer.seen).toEqual(["a", "end failed: Error: broken"]);
  });

  test("an abort that the provider reports as an error", async () => {
    const observer = recordingObserver();
    const abort = AbortSignal.abort().reason;
    const stream = new ChunkStream(["a"], abort);
    observeStream(stream, observer);

    await expect(readAll(stream)).rejects.toBe(abort);
    expect(observer.seen.at(-1)).toMatch(/^end aborted: AbortError/);
  });

  test("an abort that ends the stream without an error", async () => {
    const observer = recordingObserver();
    const stream = Object.assign(new ChunkStream(["a"]), { controller: new AbortController() });
    observeStream(stream, observer);

    for await (const _chunk of stream) stream.controller.abort();

    expect(observer.seen).toEqual(["a", "end aborted"]);
  });

  test("an abort followed by leaving the loop", async () => {
    const observer = recordingObserver();
    const stream = Object.assign(new ChunkStream(["a"]), { controller: new AbortController() });
    observeStream(stream, observer);

    for await (const _chunk of stream) {
      stream.controller.abort();
      break;
    }

    expect(observer.seen).toEqual(["a", "end aborted"]);
  });

  test("leaving before the first chunk", async () => {
    const observer = recordingObserver();
    const stream = new ChunkStream(["a"]);
    observeStream(stream, observer);

    const iterator = stream[Symbol.asyncIterator]();
    expect(await iterator.return()).toEqual({ done: true, value: undefined });
    await iterator.return();

    expect(observer.seen).toEqual(["end cancelled"]);
  });

  test("being thrown into", async () => {
    const observer = recordingObserver();
    const stream = new ChunkStream(["a", "b"]);
    observeStream(stream, observer);

    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();

    await expect(iterator.throw(new Error("in"))).rejects.toThrow("in");
    expect(observer.seen).toEqual(["a", "end failed: Error: in"]);
  });

  test("being thrown into, when the stream goes on", async () => {
    const observer = recordingObserver();
    const stream = (async function* () {
      try {
        yield "a";
      } catch {
        yield "b";
      }
    })();
    observeStream(stream, observer);

    await stream.next();
    expect(await stream.throw(new Error("in"))).toEqual({ done: false, value: "b" });
    await stream.next();

    expect(observer.seen).toEqual(["a", "b", "end completed"]);
  });

  test("being thrown into, when the stream ends itself", async () => {
    const observer = recordingObserver();
    const stream = (async function* () {
      try {
        yield "a";
      } catch {
        return;
      }
    })();
    observeStream(stream, observer);

    await stream.next();
    expect(await stream.throw(new Error("in"))).toEqual({ done: true, value: undefined });

    expect(observer.seen).toEqual(["a", "end failed: Error: in"]);
  });

  test("being thrown into, when the iterator has no such method", async () => {
    const observer = recordingObserver();
    const stream = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }) }),
    };
    observeStream(stream, observer);
    const iterator: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();

    await expect(iterator.throw?.(new Error("in"))).rejects.toThrow("in");
    expect(await iterator.return?.("bye")).toEqual({ done: true, value: "bye" });
    expect(observer.seen).toEqual(["end failed: Error: in"]);
  });

  test("being dropped without being read, when it is collected", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const observer = recordingObserver();
    observeStream(new ChunkStream(["a"]), observer);

    for (let round = 0; round < 200 && observer.seen.length === 0; round += 1) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(observer.seen).toEqual(["end cancelled"]);
  });

  test("but not while somebody holds its iterator", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const observer = recordingObserver();
    const iterator = (() => {
      const stream = new ChunkStream(["a"]);
      observeStream(stream, observer);
      return stream[Symbol.asyncIterator]();
    })();

    for (let round = 0; round < 20; round += 1) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(observer.seen).toEqual([]);
    expect(await iterator.next()).toEqual({ done: false, value: "a" });
  });
});

describe("the stream stays what it was", () => {
  test("the iterator returns what the original returns", async () => {
    const stream = (async function* () {
      yield 1;
      return "last";
    })();
    observeStream(stream, recordingObserver());

    expect(await stream.next()).toEqual({ done: false, value: 1 });
    expect(await stream.next()).toEqual({ done: true, value: "last" });
  });

  test("what is sent into a generator and what it returns on leaving pass through", async () => {
    const sent: unknown[] = [];
    const stream = (async function* (): AsyncGenerator<unknown, unknown, unknown> {
      try {
        sent.push(yield "a");
        sent.push(yield "b");
      } finally {
        sent.push("closed");
      }
      return undefined;
    })();
    observeStream(stream, recordingObserver());

    await stream.next();
    await stream.next("x");

    expect(await stream.return("done")).toEqual({ done: true, value: "done" });
    expect(sent).toEqual(["x", "closed"]);
  });

  test("a generator is its own iterator and is observed however it is read", async () => {
    const looped = recordingObserver();
    const stepped = recordingObserver();
    const first = generate("a", "b");
    const second = generate("a", "b");
    observeStream(first, looped);
    observeStream(second, stepped);

    expect(first[Symbol.asyncIterator]()).toBe(first);
    await readAll(first);
    await second.next();
    await second.return();

    expect(looped.seen).toEqual(["a", "b", "end completed"]);
    expect(stepped.seen).toEqual(["a", "end cancelled"]);
  });

  test("concurrent calls are answered in order and each chunk is seen once", async () => {
    const observer = recordingObserver();
    const stream = generate("a", "b");
    observeStream(stream, observer);

    const results = await Promise.all([stream.next(), stream.next(), stream.next(), stream.next()]);

    expect(results.map(({ done }) => done)).toEqual([false, false, true, true]);
    expect(observer.seen).toEqual(["a", "b", "end completed"]);
  });

  test("of two iterations the first is observed and both read everything", async () => {
    const observer = recordingObserver();
    const stream = new ChunkStream(["a", "b"]);
    observeStream(stream, observer);

    const [first, second] = [stream[Symbol.asyncIterator](), stream[Symbol.asyncIterator]()];
    await first.next();
    expect(await readAll(second)).toEqual(["a", "b"]);
    expect(observer.seen).toEqual(["a"]);
    await first.next();
    await first.next();
    expect(await readAll(stream)).toEqual(["a", "b"]);

    expect(observer.seen).toEqual(["a", "b", "end completed"]);
  });

  test("leaving or failing in an iteration that is not observed ends nothing", async () => {
    const observer = recordingObserver();
    const stream = new ChunkStream(["a", "b"], new Error("broken"));
    observeStream(stream, observer);
    const followed = stream[Symbol.asyncIterator]();
    await followed.next();

    for await (const _chunk of stream) break;
    await expect(readAll(stream)).rejects.toThrow("broken");
    const other = stream[Symbol.asyncIterator]();
    await other.next();
    await expect(other.throw(new Error("in"))).rejects.toThrow("in");
    expect(observer.seen).toEqual(["a"]);

    await followed.return();
    expect(observer.seen).toEqual(["a", "end cancelled"]);
  });

  test("two observers of one stream are both told", async () => {
    const [first, second] = [recordingObserver(), recordingObserver()];
    const stream = new ChunkStream(["a"]);
    observeStream(stream, first);
    observeStream(stream, second);

    await readAll(stream);

    expect(first.seen).toEqual(["a", "end completed"]);
    expect(second.seen).toEqual(["a", "end completed"]);
  });

  test("an observer that throws does not disturb it", async () => {
    const stream = new ChunkStream(["a"]);
    const broken = () => {
      throw new Error("observer");
    };
    observeStream(stream, { onChunk: broken, onEnd: broken });

    expect(await readAll(stream)).toEqual(["a"]);
  });

  test("nothing enumerable is added to it, and the application may replace what was", () => {
    const stream = generate();
    observeStream(stream, recordingObserver());
    const mine = async () => ({ done: true as const, value: undefined });

    expect(Object.keys(stream)).toEqual([]);
    stream.next = mine;
    expect(stream.next).toBe(mine);
    expect(Reflect.deleteProperty(stream, "next")).toBe(true);
  });

  test("a controller that cannot be read does not disturb it", async () => {
    const observer = recordingObserver();
    const stream = Object.defineProperty(new ChunkStream(["a"]), "controller", {
      get: () => {
        throw new Error("no");
      },
    });
    observeStream(stream, observer);

    expect(await readAll(stream)).toEqual(["a"]);
    expect(observer.seen).toEqual(["a", "end completed"]);
  });

  test("it is not read before its consumer reads it", async () => {
    const stream = new ChunkStream(["a", "b"]);
    observeStream(stream, recordingObserver());
    const iterator = stream[Symbol.asyncIterator]();
    expect(stream.calls).toEqual([]);

    await iterator.next();
    await new Promise((resolve) => setImmediate(resolve));

    expect(stream.calls).toEqual(["chunk"]);
  });

  test("a property named iterator that is not OpenAI's is left alone", () => {
    const iterator = () => "mine";
    const stream = Object.assign(new ChunkStream([]), { iterator });
    observeStream(stream, recordingObserver());

    expect(stream.iterator).toBe(iterator);
  });
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["a text", "text"],
  ["a list", ["a"]],
  ["a promise of a stream", Promise.resolve(generate())],
  ["a frozen stream", Object.freeze(new ChunkStream([]))],
  ["an object whose iteration is no function", { [Symbol.asyncIterator]: 5 }],
  [
    "a proxy that refuses",
    new Proxy(new ChunkStream([]), {
      defineProperty: () => false,
    }),
  ],
])("%s cannot be observed", (_title, stream) => {
  expect(observeStream(stream, recordingObserver())).toBe(false);
});
