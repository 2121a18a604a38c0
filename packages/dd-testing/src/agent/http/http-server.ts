import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ListenOptions, Socket } from "node:net";
import type { ActiveFault, TakenFault } from "../active-fault.ts";
import type { ResolvedAgentOptions } from "../agent-options.ts";
import type { AgentRecords } from "../agent-records.ts";
import type { DogstatsdServer } from "../dogstatsd/dogstatsd-server.ts";
import { withoutCredentials } from "../recorded-request.ts";
import { type Answer, textAnswer } from "./answer.ts";
import { ByteBudget } from "./byte-budget.ts";
import { deliverAnswer } from "./deliver-answer.ts";
import { type RequestBody, readBody } from "./read-body.ts";
import { bodyLimit, refuse, routeRequest } from "./route-request.ts";

/** The parts of the agent that its HTTP server works with. */
export interface HttpServerParts {
  readonly options: ResolvedAgentOptions;
  readonly records: AgentRecords;
  readonly dogstatsd: DogstatsdServer;
  readonly fault: ActiveFault;
}

/** How many bodies of the full size fit in memory at once; the Agent answers 429 beyond its slots. */
const bodiesAtOnce = 8;

const neverHealed = new AbortController().signal;

/** The HTTP side of the agent; it can be closed and opened again on the same port. */
export class HttpServer {
  readonly #parts: HttpServerParts;
  readonly #budget: ByteBudget;
  #servers: readonly Server[] = [];
  #port: number;

  constructor(parts: HttpServerParts) {
    const { port, maxBodyBytes, maxProxyBodyBytes } = parts.options;
    this.#parts = parts;
    this.#budget = new ByteBudget(bodiesAtOnce * Math.max(maxBodyBytes, maxProxyBodyBytes));
    this.#port = port;
  }

  get port(): number {
    return this.#port;
  }

  /** Starts listening; does nothing when it does already. */
  async open(): Promise<void> {
    if (this.#servers.length > 0) return;
    const { socketPath } = this.#parts.options;
    const server = await this.#listen({ port: this.#port, host: "127.0.0.1" });
    const address = server.address();
    if (address !== null && typeof address === "object") this.#port = address.port;
    this.#servers = [server];
    if (socketPath === "") return;
    try {
      this.#servers = [server, await this.#listen({ path: socketPath })];
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Stops listening and closes every connection, idle or not. */
  async close(): Promise<void> {
    const servers = this.#servers;
    this.#servers = [];
    await Promise.all(
      servers.map((server) => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  async #listen(where: ListenOptions): Promise<Server> {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      void this.#handle(request, response);
    });
    server.on("clientError", (error, socket) => {
      if (!socket.writable) return;
      const answer = refuse({ path: "http", bodySize: 0 }, this.#parts, 400, error.message);
      this.#parts.records.notify();
      socket.end(`HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n${answer.body}`);
    });
    if (this.#parts.options.unref) {
      server.unref();
      server.on("connection", (socket: Socket) => socket.unref());
    }
    server.listen(where);
    await once(server, "listening");
    return server;
  }

  /** Never rejects. */
  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that went away is not an error of the agent.
    response.on("error", () => {});
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const taken = this.#parts.fault.take(path);
    if (taken?.fault.mode === "reset") {
      this.#record(request, path, 0, null, taken);
      request.socket.resetAndDestroy();
      return;
    }
    const limit = bodyLimit(path, this.#parts.options);
    const body = await readBody(request, limit, this.#budget);
    if (body.outcome === "aborted") {
      this.#record(request, path, body.size, null, taken);
      return;
    }
    const answer = await this.#answer(request, path, body, limit, taken);
    if (body.outcome === "complete") this.#budget.release(body.size);
    this.#record(request, path, body.size, answer.status, taken);
    await deliverAnswer(response, answer, taken?.fault, taken?.healed ?? neverHealed);
  }

  async #answer(
    request: IncomingMessage,
    path: string,
    body: RequestBody,
    limit: number,
    taken: TakenFault | undefined,
  ): Promise<Answer> {
    if (taken?.fault.mode === "status") {
      const { status, retryAfterSeconds } = taken.fault;
      const answer = textAnswer(status, `the embedded Agent was told to answer ${status}\n`);
      if (retryAfterSeconds === null) return answer;
      return { ...answer, headers: { "retry-after": String(retryAfterSeconds) } };
    }
    const refusal = { path, bodySize: body.size };
    if (body.outcome === "too-large") {
      return refuse(refusal, this.#parts, 413, `the body is larger than ${limit} bytes`);
    }
    if (body.outcome !== "complete") {
      return refuse(refusal, this.#parts, 429, "too many bodies are being read at once");
    }
    const { headers, method = "GET" } = request;
    const context = { ...this.#parts, port: this.#port };
    return routeRequest({ method, path, headers, body: body.bytes }, context);
  }

  #record(
    request: IncomingMessage,
    path: string,
    bodySize: number,
    status: number | null,
    taken: TakenFault | undefined,
  ): void {
    const mode = taken?.fault.mode;
    const headers = withoutCredentials(request.headers);
    this.#parts.records.add(
      "requests",
      {
        method: request.method ?? "GET",
        path,
        headers,
        bodySize,
        status: mode === "half-close" || mode === "garbage" ? null : status,
        ...(mode === undefined ? {} : { fault: mode }),
      },
      JSON.stringify(headers).length,
    );
    this.#parts.records.notify();
  }
}
