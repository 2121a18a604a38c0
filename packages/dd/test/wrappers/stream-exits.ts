import type { ProviderServer, ScriptedReply } from "@llmdevops/dd-testing";
import type { SdkClient, SdkTarget } from "./sdk-targets.ts";

/** What an application saw of one call. */
export interface Seen {
  /** Every chunk, or the one result, as JSON. */
  readonly chunks: string[];
  /** Name and message of what was thrown. */
  error?: string;
}

/** One way in which a call comes to its end. */
export interface Exit {
  readonly name: string;
  readonly replies: readonly ScriptedReply[];
  /** Whether a clock ends the call, which a busy machine may let run out before the request is sent. */
  readonly isTimed?: boolean;
  /** Whether only a garbage collection ends the call. */
  readonly isForgotten?: boolean;
  /** Whether the application leaves the stream before its end, and aborts nothing itself. */
  readonly isLeft?: boolean;
  /** What the span must say; for the errors that depend on it, by target. */
  expected(target: SdkTarget): {
    outcome?: string;
    error?: string;
    retries?: number;
    completed: boolean;
  };
  run(client: SdkClient, seen: Seen, server: ProviderServer): Promise<void>;
}

const usage = { inputTokens: 120, outputTokens: 30, cacheReadTokens: 100 } as const;
const reply: ScriptedReply = { text: "one two three four five", chunks: 5, usage };
/** Never sends its fourth chunk, so that what happens before is the same in every run. */
const held: ScriptedReply = {
  ...reply,
  gate: (chunk) => (chunk === 3 ? new Promise<void>(() => {}) : undefined),
};

const busy: ScriptedReply = { error: { kind: "rate_limited", retryAfterMs: 1 } };
const overloaded: ScriptedReply = { error: { kind: "overloaded", retryAfterMs: 1 } };

/** What `AbortSignal.timeout` aborts with, at a moment of the test's own. */
const timeout = () => new DOMException("The operation was aborted due to timeout", "TimeoutError");

const isContent = /one|two/;

export const exits: readonly Exit[] = [
  {
    name: "a call that is not streamed",
    replies: [reply],
    expected: () => ({ completed: true }),
    run: async (client, seen) => {
      seen.chunks.push(shown(await client.complete()));
    },
  },
  {
    name: "a refused request",
    replies: [{ error: "invalid_request" }],
    expected: () => ({ error: "invalid_request", completed: false }),
    run: (client, seen) => noting(seen, () => client.complete()),
  },
  {
    name: "a refused stream",
    replies: [{ error: "authentication" }],
    expected: () => ({ error: "authentication", completed: false }),
    run: (client, seen) => noting(seen, () => readAll(client, seen)),
  },
  {
    name: "completion",
    replies: [reply],
    expected: () => ({ outcome: "completed", completed: true }),
    run: (client, seen) => readAll(client, seen),
  },
  {
    name: "leaving the loop",
    isLeft: true,
    replies: [held],
    expected: () => ({ outcome: "cancelled", completed: false }),
    run: async (client, seen) => {
      for await (const chunk of await client.stream()) {
        seen.chunks.push(shown(chunk));
        if (isContent.test(shown(chunk))) break;
      }
    },
  },
  {
    name: "an error of the consumer",
    isLeft: true,
    replies: [held],
    expected: () => ({ outcome: "cancelled", completed: false }),
    run: (client, seen) =>
      noting(seen, async () => {
        for await (const chunk of await client.stream()) {
          seen.chunks.push(shown(chunk));
          if (isContent.test(shown(chunk))) throw new TypeError("of the consumer");
        }
      }),
  },
  {
    name: "returning the iterator",
    isLeft: true,
    replies: [held],
    expected: () => ({ outcome: "cancelled", completed: false }),
    run: async (client, seen) => {
      const iterator = (await client.stream())[Symbol.asyncIterator]();
      seen.chunks.push(shown(await iterator.next()));
      seen.chunks.push(shown(await iterator.return?.()));
    },
  },
  {
    name: "an abort by the application's signal",
    replies: [held],
    expected: () => ({ outcome: "aborted", completed: false }),
    run: (client, seen) => {
      const abort = new AbortController();
      return noting(seen, async () => {
        for await (const chunk of await client.stream({ signal: abort.signal })) {
          seen.chunks.push(shown(chunk));
          if (isContent.test(shown(chunk))) abort.abort();
        }
      });
    },
  },
  {
    name: "an abort before the answer",
    replies: [{ ...reply, gate: () => new Promise<void>(() => {}), delayMs: 60_000 }],
    expected: () => ({ completed: false }),
    run: async (client, seen, server) => {
      const abort = new AbortController();
      const call = noting(seen, () => client.stream({ signal: abort.signal }));
      await server.waitForRequest(() => true);
      abort.abort();
      await call;
    },
  },
  {
    name: "an error inside the stream",
    replies: [{ ...reply, midStreamError: { kind: "overloaded", afterChunks: 2 } }],
    expected: ({ hidesMidStreamErrors }) =>
      hidesMidStreamErrors === true
        ? { outcome: "completed", completed: false }
        : { outcome: "failed", error: "overloaded", completed: false },
    run: (client, seen) => noting(seen, () => readAll(client, seen)),
  },
  {
    name: "an error event of another kind inside the stream",
    replies: [
      {
        ...reply,
        midStreamError: { kind: "rate_limited", afterChunks: 2, responsesEvent: "error" },
      },
    ],
    expected: ({ hidesMidStreamErrors }) =>
      hidesMidStreamErrors === true
        ? { outcome: "completed", completed: false }
        : { outcome: "failed", error: "rate_limit", completed: false },
    run: (client, seen) => noting(seen, () => readAll(client, seen)),
  },
  {
    name: "a connection that breaks",
    replies: [{ ...reply, truncateAfterChunks: 2, cutConnection: true }],
    expected: ({ hidesBrokenConnections }) =>
      hidesBrokenConnections === true
        ? { outcome: "completed", completed: false }
        : { outcome: "failed", error: "network", completed: false },
    run: (client, seen) => noting(seen, () => readAll(client, seen)),
  },
  {
    name: "a stream that ends too early",
    replies: [{ ...reply, truncateAfterChunks: 2 }],
    // No SDK takes it for an error, so the span does not either.
    expected: () => ({ outcome: "completed", completed: false }),
    run: (client, seen) => noting(seen, () => readAll(client, seen)),
  },
  {
    name: "a time-out before the first byte",
    isTimed: true,
    replies: [{ ...reply, delayMs: 60_000 }],
    expected: () => ({ error: "timeout", completed: false }),
    run: (client, seen) => noting(seen, () => client.complete({ timeoutMs: 50 })),
  },
  {
    name: "a refusal that the SDK asks again after",
    replies: [busy, reply],
    expected: ({ retries }) =>
      retries
        ? { outcome: "completed", completed: true, retries: 1 }
        : { error: "rate_limit", completed: false },
    run: (client, seen) => noting(seen, () => readAll(client, seen)),
  },
  {
    name: "refusals until the SDK gives up",
    replies: [overloaded, overloaded],
    expected: ({ retries }) => ({
      error: "overloaded",
      completed: false,
      ...(retries ? { retries: 1 } : {}),
    }),
    run: (client, seen) => noting(seen, () => readAll(client, seen)),
  },
  {
    name: "a connection that is reset before the answer",
    replies: [{ cutConnection: true }, { cutConnection: true }],
    // A time limit turns the retries off, where the SDK has an option for it.
    expected: ({ provider }) => ({
      error: "network",
      completed: false,
      ...(provider === "aws" ? { retries: 1 } : {}),
    }),
    run: (client, seen) => noting(seen, () => client.complete({ timeoutMs: 30_000 })),
  },
  {
    name: "a time-out inside the stream",
    replies: [held],
    expected: () => ({ outcome: "failed", error: "timeout", completed: false }),
    run: (client, seen) => {
      const abort = new AbortController();
      return noting(seen, async () => {
        for await (const chunk of await client.stream({ signal: abort.signal })) {
          seen.chunks.push(shown(chunk));
          if (isContent.test(shown(chunk))) abort.abort(timeout());
        }
      });
    },
  },
  {
    name: "a time-out of a signal before the answer",
    replies: [{ ...reply, delayMs: 60_000 }],
    expected: () => ({ error: "timeout", completed: false }),
    run: async (client, seen, server) => {
      const abort = new AbortController();
      const call = noting(seen, () => client.complete({ signal: abort.signal }));
      await server.waitForRequest(() => true);
      abort.abort(timeout());
      await call;
    },
  },
  {
    name: "a stream that nobody reads",
    isForgotten: true,
    replies: [reply],
    expected: () => ({ outcome: "cancelled", completed: false }),
    run: async (client) => {
      await client.stream();
    },
  },
];

async function readAll(client: SdkClient, seen: Seen): Promise<void> {
  for await (const chunk of await client.stream()) seen.chunks.push(shown(chunk));
}

/** A chunk as JSON; bytes, in which Bedrock packs what a model says, as text. */
function shown(chunk: unknown): string {
  return JSON.stringify(chunk, (_key, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  );
}

async function noting(seen: Seen, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    seen.error = error instanceof Error ? `${error.constructor.name}: ${error.message}` : "unknown";
  }
}
