import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type IncomingRequest, type OutgoingResponse, serveHttp2Beside } from "./http-protocols.ts";
import { type ProviderServerOptions, resolveProviderOptions } from "./provider-options.ts";
import type { ProviderServer } from "./provider-server.ts";
import { ReplyScript } from "./reply-script.ts";
import { RequestLog } from "./request-log.ts";
import { RequestWaiters } from "./request-waiters.ts";
import { ResponseChannel } from "./response-channel.ts";
import { type ServingContext, serveRequest } from "./serve-request.ts";

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
 * Starts an HTTP server on the loopback interface that speaks the wire formats of Anthropic, OpenAI,
 * Gemini and Amazon Bedrock, so that the official SDKs work against it with nothing changed but their base URL.
 *
 * @param options Port, limits and behaviour; see `ProviderServerOptions`.
 * @returns The running server.
 * @throws TypeError for an unknown option or one of the wrong kind, RangeError for a number out of
 * range, and the system's error when the port is taken; all as a rejection.
 * @example
 * ```ts
 * import Anthropic from "@anthropic-ai/sdk";
 * import { startProviderServer } from "@llmdevops/dd-testing";
 *
 * const provider = await startProviderServer();
 * provider.enqueue({ text: "Hello", usage: { inputTokens: 12, outputTokens: 3 } });
 * const client = new Anthropic({ apiKey: "test", baseURL: provider.baseUrls.anthropic });
 * ```
 */
export async function startProviderServer(
  options: ProviderServerOptions = {},
): Promise<ProviderServer> {
  const settings = resolveProviderOptions(options);
  const log = new RequestLog(settings.maxRequests, settings.maxLogBytes);
  const script = new ReplyScript();
  const waiters = new RequestWaiters(() => log.records());
  const channels = new Set<ResponseChannel>();
  let sequence = 0;
  const context: ServingContext = {
    script,
    log,
    maxBodyBytes: settings.maxBodyBytes,
    onUnscripted: settings.onUnscripted,
    now: settings.now,
    nextSequence: () => ++sequence,
    changed: () => waiters.check(),
  };
  const serve = (message: IncomingRequest, response: OutgoingResponse): void => {
    const channel = new ResponseChannel(response);
    channels.add(channel);
    void serveRequest(context, message, channel).finally(() => channels.delete(channel));
  };
  const server = createServer(serve);
  const closeConnections = serveHttp2Beside(server, serve);
  if (settings.unref) server.on("connection", (socket: Socket) => socket.unref());
  const url = `http://127.0.0.1:${await listen(server, settings.port)}`;
  if (settings.unref) server.unref();

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= new Promise((resolve) => {
      for (const channel of channels) channel.destroy("server_stopped");
      server.close(() => resolve());
      closeConnections();
      waiters.cancel();
    });
    return stopped;
  };
  return {
    url,
    baseUrls: { anthropic: url, openai: `${url}/v1`, gemini: url, bedrock: url },
    enqueue: (...replies) => script.enqueue(replies),
    respond: (matcher, reply, rule = {}) => script.respond(matcher, reply, rule),
    replay: (recordings, delivery = {}) => script.replay(recordings, delivery),
    requests: () => log.records(),
    droppedRequests: () => log.dropped,
    usageSent: () => log.totals(),
    waitForRequest: (predicate, wait) => waiters.wait(predicate, wait),
    clear() {
      script.clear();
      log.clear();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
