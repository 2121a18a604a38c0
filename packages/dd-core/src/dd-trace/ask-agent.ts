import type { IncomingMessage } from "node:http";
import { requestFunction } from "../agent-link/http-request.ts";
import { type ReceiverOptions, receiverOptions } from "../agent-link/request-options.ts";
import { safeRead } from "../guard/safe-read.ts";
import { runUntraced } from "./agent-link-seam.ts";

/** What an Agent says of itself. */
export interface AgentAnswer {
  /** Whether it answered with a description of itself. */
  readonly reachable: boolean;
  /** Why not: a code of the system such as `ECONNREFUSED`, or a few words; `undefined` when it is reachable. */
  readonly reason: string | undefined;
  /** Its version as it states it; `undefined` when it did not answer or did not say. */
  readonly version: string | undefined;
  /** The paths that it serves, at most 200; empty when it did not answer or did not say. */
  readonly endpoints: readonly string[];
  /** The UDP port of its DogStatsD server, 0 where that is off; `undefined` when it did not answer or did not say. */
  readonly statsdPort: number | undefined;
}

const longestAnswer = 256 * 1024;
const mostEndpoints = 200;

/**
 * Asks a Datadog Agent's `/info` once; never rejects and does not keep the process alive.
 *
 * @param url `http:`, `https:` or `unix:` address of the Agent, as `health().agentUrl` has it.
 * @param timeoutMs How long it may take (ms). @default 2000
 * @example
 * ```ts
 * import { askAgent } from "@llmdevops/dd-core";
 *
 * const { reachable, version } = await askAgent("http://127.0.0.1:8126");
 * ```
 */
export async function askAgent(url: string, timeoutMs: number = 2_000): Promise<AgentAnswer> {
  try {
    return await ask(receiverOptions(url), timeoutMs);
  } catch {
    return failure("no Agent's address");
  }
}

function ask(receiver: ReceiverOptions | undefined, timeoutMs: number): Promise<AgentAnswer> {
  if (receiver === undefined) return Promise.resolve(failure("no Agent's address"));
  const { secure, ...address } = receiver;
  const start = requestFunction(secure);
  return new Promise((resolve) => {
    const fail = (reason: string) => resolve(failure(reason));
    runUntraced(() => {
      const request = start({ ...address, path: "/info", agent: false }, (response) => {
        readAnswer(response, (text) => resolve(answerOf(response.statusCode, text)), fail);
      });
      const timer = setTimeout(() => {
        fail("no answer in time");
        request.destroy();
      }, timeoutMs);
      timer.unref();
      request.on("socket", (socket) => socket.unref());
      request.on("error", (error) => fail(String(safeRead(error, "code") ?? "no connection")));
      request.on("close", () => clearTimeout(timer));
      request.end();
    });
  });
}

function failure(reason: string): AgentAnswer {
  return { reachable: false, reason, version: undefined, endpoints: [], statsdPort: undefined };
}

function readAnswer(
  response: IncomingMessage,
  take: (text: string) => void,
  fail: (reason: string) => void,
): void {
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    text += chunk;
    if (text.length > longestAnswer) response.destroy();
  });
  response.on("end", () => take(text));
  response.on("error", () => fail("a broken answer"));
  response.on("close", () => fail("a broken answer"));
}

function answerOf(status: number = 0, text: string): AgentAnswer {
  if (status !== 200) return failure(`status ${status}`);
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch {
    return failure("an answer that is not an Agent's");
  }
  const version = safeRead(info, "version");
  const endpoints = safeRead(info, "endpoints");
  const statsdPort = safeRead(safeRead(info, "config"), "statsd_port");
  return {
    reachable: true,
    reason: undefined,
    version: typeof version === "string" ? version.slice(0, 100) : undefined,
    endpoints: Array.isArray(endpoints)
      ? endpoints.slice(0, mostEndpoints).filter((path) => typeof path === "string")
      : [],
    statsdPort: typeof statsdPort === "number" ? statsdPort : undefined,
  };
}
