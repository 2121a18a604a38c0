import type { Agent, ClientRequest } from "node:http";
import { requestFunction } from "./http-request.ts";
import type { Payload } from "./payload.ts";
import { mayCarryApiKey, receiverOptions, requestHeaders } from "./request-options.ts";
import { parseRetryAfter } from "./retry-delay.ts";

/** How one attempt ended. */
export type SendOutcome =
  | {
      /** The receiver has taken it. */
      readonly state: "delivered";
      /** The body of its answer, at most about 64 KiB of it. */
      readonly answer: string;
    }
  | {
      /** The receiver will never take it. */
      readonly state: "refused";
      /** Such as `status_413`, `invalid_address` or `api_key_missing`. */
      readonly reason: string;
    }
  | {
      /** It was certainly not taken, so it may be sent again. */
      readonly state: "failed";
      /** Such as `ECONNREFUSED`, `connect_timeout` or `status_503`. */
      readonly reason: string;
      /** How long the receiver asks to be left alone (ms); absent where it does not say. */
      readonly retryAfterMs?: number;
    }
  | {
      /** All of it was handed over and no answer came: it may have been taken. */
      readonly state: "unconfirmed";
      /** Such as `response_timeout`, or the system's code of a broken connection. */
      readonly reason: string;
    };

/** What an attempt needs besides the payload. */
export interface SendOptions {
  /** How long connecting may take (ms). */
  readonly connectTimeoutMs: number;
  /** How long the answer may take after that (ms). */
  readonly responseTimeoutMs: number;
  readonly apiKey?: string | undefined;
  /** The agent that reaches the receiver through a proxy. */
  readonly proxyAgent?: Agent | undefined;
}

/** An attempt under way. */
export interface SendAttempt {
  /** Never rejects. */
  readonly outcome: Promise<SendOutcome>;
  /** Whether the operating system has all of it, so that it arrives even if this process ends now. */
  handedOver(): boolean;
  /** Whether the attempt keeps the process alive; it does not by default. */
  keepAlive(keep: boolean): void;
  /** Gives the attempt up. */
  abort(): void;
}

/** What the system says where nobody listens; asking again within seconds rarely helps. */
const absentCodes: readonly string[] = ["ECONNREFUSED", "ENOENT", "ENOTFOUND", "EHOSTUNREACH"];

/** Whether an attempt failed because there is no Agent at its address. */
export function isNobodyThere(outcome: SendOutcome): boolean {
  return outcome.state === "failed" && absentCodes.includes(outcome.reason);
}

const longestAnswer = 64 * 1024;

/**
 * Sends one payload on a connection of its own.
 *
 * A connection is used once: where a kept one breaks, nobody can tell a receiver that closed it while idle
 * from one that took the request.
 */
export function sendPayload(payload: Payload, options: SendOptions): SendAttempt {
  const { route, body } = payload;
  const receiver = receiverOptions(route.url);
  if (receiver === undefined) return settled({ state: "refused", reason: "invalid_address" });
  if (route.agentless && options.apiKey === undefined) {
    return settled({ state: "refused", reason: "api_key_missing" });
  }
  if (route.agentless && !mayCarryApiKey(receiver)) {
    return settled({ state: "refused", reason: "insecure_destination" });
  }
  const { secure, ...address } = receiver;
  const start = requestFunction(secure);
  try {
    const request = start({
      ...address,
      path: route.path,
      method: route.method,
      headers: requestHeaders(route, body.length, options.apiKey),
      agent: options.proxyAgent ?? false,
    });
    const attempt = follow(request, options);
    request.end(body);
    return attempt;
  } catch {
    return settled({ state: "refused", reason: "invalid_request" });
  }
}

function settled(outcome: SendOutcome): SendAttempt {
  return {
    outcome: Promise.resolve(outcome),
    handedOver: () => false,
    keepAlive: () => {},
    abort: () => {},
  };
}

function follow(request: ClientRequest, options: SendOptions): SendAttempt {
  let handedOver = false;
  let keep = false;
  let timer: NodeJS.Timeout | undefined;
  let resolve: (outcome: SendOutcome) => void = () => {};
  const promise = new Promise<SendOutcome>((settleOutcome) => {
    resolve = settleOutcome;
  });
  const settle = (outcome: SendOutcome) => {
    clearTimeout(timer);
    resolve(outcome);
  };
  const broken = (reason: string, certain: boolean) => {
    settle({ state: handedOver && !certain ? "unconfirmed" : "failed", reason });
    request.destroy();
  };
  const limit = (ms: number, reason: string) => {
    clearTimeout(timer);
    // After a blocked event loop or a suspended machine timers run before sockets are read: the answer may be here.
    timer = setTimeout(() => {
      timer = setTimeout(() => broken(reason, false), 50);
      if (!keep) timer.unref();
    }, ms);
    if (!keep) timer.unref();
  };
  limit(options.connectTimeoutMs, "connect_timeout");
  request.on("socket", (socket) => {
    if (!keep) socket.unref();
    if (!socket.connecting) limit(options.responseTimeoutMs, "response_timeout");
    else socket.once("connect", () => limit(options.responseTimeoutMs, "response_timeout"));
  });
  request.on("finish", () => {
    handedOver = true;
  });
  // A reset says that the receiver threw away what it had not read; the end of a stream says nothing.
  request.on("error", (error: NodeJS.ErrnoException) => {
    broken(error.code ?? "socket", error.code === "ECONNRESET" && error.syscall !== undefined);
  });
  request.on("response", (response) => {
    const status = response.statusCode ?? 0;
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = () => {
      settle(outcomeOf(status, Buffer.concat(chunks).toString(), response.headers["retry-after"]));
      request.destroy();
    };
    response.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= longestAnswer) chunks.push(chunk);
      else finish();
    });
    // The status decides; a body that breaks off changes nothing about it.
    response.on("error", finish);
    response.on("close", finish);
    clearTimeout(timer);
    timer = setTimeout(finish, options.responseTimeoutMs);
    if (!keep) timer.unref();
  });
  return {
    outcome: promise,
    handedOver: () => handedOver,
    keepAlive: (value) => {
      keep = value;
      const method = value ? "ref" : "unref";
      timer?.[method]();
      request.socket?.[method]();
    },
    abort: () => broken("aborted", false),
  };
}

function outcomeOf(status: number, answer: string, retryAfter: string | undefined): SendOutcome {
  const reason = `status_${status}`;
  if (status >= 200 && status < 300) return { state: "delivered", answer };
  if (status < 500 && status !== 408 && status !== 429) return { state: "refused", reason };
  const retryAfterMs = parseRetryAfter(retryAfter, Date.now());
  return { state: "failed", reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
