import { encodeTraces, type OutgoingSpan } from "./encode-traces.ts";

/** How an Agent took a payload. */
export interface SendResult {
  readonly isAccepted: boolean;
  /** The status, or what kept the payload from being answered. */
  readonly outcome: string;
  readonly latencyMs: number;
}

/** How long an answer is waited for (ms). */
const answerTimeoutMs = 10_000;

/** Sends traces to an Agent as a tracer does; never rejects. */
export async function sendTraces(
  url: string,
  traces: readonly (readonly OutgoingSpan[])[],
): Promise<SendResult> {
  const start = performance.now();
  const done = (isAccepted: boolean, outcome: string): SendResult => ({
    isAccepted,
    outcome,
    latencyMs: performance.now() - start,
  });
  try {
    const response = await fetch(new URL("/v0.4/traces", url), {
      method: "PUT",
      headers: {
        "content-type": "application/msgpack",
        "datadog-meta-lang": "nodejs",
        "datadog-meta-tracer-version": "0.0.0",
        "x-datadog-trace-count": String(traces.length),
      },
      body: new Uint8Array(encodeTraces(traces)),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    await response.arrayBuffer();
    return done(response.ok, String(response.status));
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const code =
      typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
    return done(false, String(code ?? (error instanceof Error ? error.name : error)));
  }
}
