import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { RecordedProviderRequest } from "./recorded-request.ts";
import { ReplyScript, type ReplySource, type RespondOptions } from "./reply-script.ts";
import { RequestLog } from "./request-log.ts";
import type { ProviderRequestMatcher } from "./request-matcher.ts";
import { RequestWaiters, type WaitForRequestOptions } from "./request-waiters.ts";
import { ResponseChannel } from "./response-channel.ts";
import { type ServingContext, serveRequest } from "./serve-request.ts";
import type { ProviderUsageTotal } from "./usage-totals.ts";

/** Settings of {@link startProviderServer}. */
export interface ProviderServerOptions {
  /** TCP port on the loopback interface; 0 lets the system choose. @default 0 */
  readonly port?: number;
  /** Lets the process end although the server runs. @default true */
  readonly unref?: boolean;
  /** What a request gets that no reply is scripted for. @default "echo" */
  readonly onUnscripted?: "echo" | "error";
  /** Requests remembered, the newest; older ones are forgotten. @default 10000 */
  readonly maxRequests?: number;
  /** Bytes remembered of all requests together, as an estimate. @default 67108864 */
  readonly maxLogBytes?: number;
  /** Bytes of one request body; a larger one is answered with status 413. @default 33554432 */
  readonly maxBodyBytes?: number;
  /** Clock in milliseconds since the epoch, for `created` fields. @default Date.now */
  readonly now?: () => number;
}

/** A running provider server. */
export interface ProviderServer {
  /** Address without a path, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Base URLs to give to the official SDKs. */
  readonly baseUrls: {
    readonly anthropic: string;
    readonly openai: string;
    readonly gemini: string;
  };
  /** Answers the next requests with these replies, one each, whatever they ask for. */
  enqueue(...replies: readonly ReplySource[]): void;
  /** Answers matching requests once the queue is empty; returns a function that removes the rule. */
  respond(
    matcher: ProviderRequestMatcher,
    reply: ReplySource,
    options?: RespondOptions,
  ): () => void;
  /** The remembered requests, oldest first. */
  requests(): RecordedProviderRequest[];
  /** Requests forgotten because `maxRequests` or `maxLogBytes` was reached. */
  droppedRequests(): number;
  /** Usage that clients were told, by provider and model, of all requests that have ended. */
  usageSent(): ProviderUsageTotal[];
  /** Resolves with the first remembered request that fits; rejects after the time-out. */
  waitForRequest(
    predicate: (request: RecordedProviderRequest) => boolean,
    options?: WaitForRequestOptions,
  ): Promise<RecordedProviderRequest>;
  /** Forgets scripted replies, requests and usage. */
  clear(): void;
  /** Ends all connections and the server; calling it again changes nothing. */
  stop(): Promise<void>;
}

function requireLimit(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} must be an integer from ${least} to ${most}, got ${value}.`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Starts an HTTP server on the loopback interface that speaks the wire formats of Anthropic, OpenAI
 * and Gemini, so that the official SDKs work against it with nothing changed but their base URL.
 *
 * @param options Port, limits and behaviour; see {@link ProviderServerOptions}.
 * @returns The running server.
 * @throws RangeError for a limit or port out of range; rejects when the port is taken.
 * @example
 * const provider = await startProviderServer();
 * provider.enqueue({ text: "Hello", usage: { inputTokens: 12, outputTokens: 3 } });
 * const client = new Anthropic({ apiKey: "test", baseURL: provider.baseUrls.anthropic });
 */
export async function startProviderServer(
  options: ProviderServerOptions = {},
): Promise<ProviderServer> {
  const most = Number.MAX_SAFE_INTEGER;
  const port = requireLimit("port", options.port ?? 0, 0, 65_535);
  const unref = options.unref ?? true;
  const log = new RequestLog(
    requireLimit("maxRequests", options.maxRequests ?? 10_000, 1, 10_000_000),
    requireLimit("maxLogBytes", options.maxLogBytes ?? 64 * 1024 * 1024, 1024, most),
  );
  const script = new ReplyScript();
  const waiters = new RequestWaiters(() => log.records());
  const channels = new Set<ResponseChannel>();
  let sequence = 0;
  const context: ServingContext = {
    script,
    log,
    maxBodyBytes: requireLimit("maxBodyBytes", options.maxBodyBytes ?? 32 * 1024 * 1024, 1, most),
    onUnscripted: options.onUnscripted ?? "echo",
    now: options.now ?? Date.now,
    nextSequence: () => ++sequence,
    changed: () => waiters.check(),
  };
  const server = createServer((message, response) => {
    const channel = new ResponseChannel(response);
    channels.add(channel);
    void serveRequest(context, message, channel).finally(() => channels.delete(channel));
  });
  if (unref) server.on("connection", (socket: Socket) => socket.unref());
  const url = `http://127.0.0.1:${await listen(server, port)}`;
  if (unref) server.unref();

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= new Promise((resolve) => {
      for (const channel of channels) channel.destroy("server_stopped");
      server.close(() => resolve());
      server.closeAllConnections();
      waiters.cancel();
    });
    return stopped;
  };
  return {
    url,
    baseUrls: { anthropic: url, openai: `${url}/v1`, gemini: url },
    enqueue: (...replies) => script.enqueue(replies),
    respond: (matcher, reply, rule = {}) => script.respond(matcher, reply, rule),
    requests: () => log.records(),
    droppedRequests: () => log.dropped,
    usageSent: () => log.totals(),
    waitForRequest: (predicate, wait) => waiters.wait(predicate, wait),
    clear() {
      script.clear();
      log.clear();
    },
    stop,
  };
}
