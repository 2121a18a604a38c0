import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ActiveFault } from "../active-fault.ts";
import type { ResolvedAgentOptions } from "../agent-options.ts";
import type { AgentRecords } from "../agent-records.ts";
import type { DogstatsdServer } from "../dogstatsd/dogstatsd-server.ts";
import type { Fault } from "../fail-mode.ts";
import { withoutCredentials } from "../recorded-request.ts";
import { type Answer, textAnswer } from "./answer.ts";
import { deliverAnswer } from "./deliver-answer.ts";
import { readBody } from "./read-body.ts";
import { isProxyPath, refuse, routeRequest } from "./route-request.ts";

/** The parts of the agent that its HTTP server works with. */
export interface HttpServerParts {
  readonly options: ResolvedAgentOptions;
  readonly records: AgentRecords;
  readonly dogstatsd: DogstatsdServer;
  readonly fault: ActiveFault;
}

/** The HTTP side of the agent; it can be closed and opened again on the same port. */
export class HttpServer {
  readonly #parts: HttpServerParts;
  #server: Server | undefined;
  #port: number;

  constructor(parts: HttpServerParts) {
    this.#parts = parts;
    this.#port = parts.options.port;
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      void this.#handle(request, response);
    });
    server.on("clientError", (_error, socket) => {
      if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
      else socket.destroy();
    });
    if (this.#parts.options.unref) {
      server.unref();
      server.on("connection", (socket: Socket) => socket.unref());
    }
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address !== null && typeof address === "object") this.#port = address.port;
    this.#server = server;
  }

  /** Stops listening and closes every connection, idle or not. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that went away is not an error of the agent.
    response.on("error", () => {});
    const path = new URL(request.url ?? "/", "http://agent").pathname;
    const active = this.#parts.fault.take(path);
    if (active?.fault.mode === "reset") {
      this.#record(request, path, 0, null, active.fault);
      request.socket.resetAndDestroy();
      return;
    }
    const { maxBodyBytes, maxProxyBodyBytes } = this.#parts.options;
    const maxBytes = isProxyPath(path) ? maxProxyBodyBytes : maxBodyBytes;
    const body = await readBody(request, maxBytes);
    if (body === undefined) return;

    let answer: Answer;
    if (active?.fault.mode === "status") answer = statusAnswer(active.fault);
    else if (body.tooLarge) {
      answer = refuse(
        { path, body: { length: body.size } },
        this.#parts,
        413,
        `the body is larger than ${maxBytes} bytes`,
      );
    } else {
      const { headers, method = "GET" } = request;
      answer = await this.#route({ method, path, headers, body: body.bytes });
    }
    if (body.tooLarge) answer = { ...answer, headers: { ...answer.headers, connection: "close" } };
    this.#record(request, path, body.size, answer.status, active?.fault);
    await deliverAnswer(
      response,
      answer,
      active?.fault,
      active?.healed ?? new AbortController().signal,
    );
  }

  #route(request: Parameters<typeof routeRequest>[0]): Promise<Answer> {
    return routeRequest(request, { ...this.#parts, port: this.#port });
  }

  #record(
    request: IncomingMessage,
    path: string,
    bodySize: number,
    status: number | null,
    fault: Fault | undefined,
  ): void {
    const answered = fault?.mode === "half-close" || fault?.mode === "garbage" ? null : status;
    this.#parts.records.add(
      "requests",
      {
        method: request.method ?? "GET",
        path,
        headers: withoutCredentials(request.headers),
        bodySize,
        status: answered,
        ...(fault === undefined ? {} : { fault: fault.mode }),
      },
      1024,
    );
    this.#parts.records.notify();
  }
}

function statusAnswer(fault: Fault & { mode: "status" }): Answer {
  const { status, retryAfterSeconds } = fault;
  return {
    ...textAnswer(status, `the embedded Agent was told to answer ${status}\n`),
    ...(retryAfterSeconds === null
      ? {}
      : { headers: { "retry-after": String(retryAfterSeconds) } }),
  };
}
