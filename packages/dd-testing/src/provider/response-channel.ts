import type { OutgoingResponse } from "./http-protocols.ts";

/** How the connection under a response ended. */
export type ChannelEnd = "open" | "finished" | "client_gone" | "destroyed" | "server_stopped";

/** Writes one response piece by piece and knows whether the client is still there. */
export class ResponseChannel {
  readonly #response: OutgoingResponse;
  readonly #closed = new AbortController();
  #end: ChannelEnd = "open";

  constructor(response: OutgoingResponse) {
    this.#response = response;
    response.on("finish", () => {
      // With HTTP/2 this comes also for a stream that the client has reset.
      if (this.#end === "open" && !response.stream?.rstCode) this.#end = "finished";
    });
    response.on("close", () => {
      if (this.#end === "open") this.#end = "client_gone";
      this.#closed.abort();
    });
    // A write after the client went away reports an error that `close` has told already.
    response.on("error", () => {});
  }

  get end(): ChannelEnd {
    return this.#end;
  }

  /** Aborted when no more can be written: client gone, response finished or destroyed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  open(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.#end !== "open") return;
    this.#response.writeHead(status, { ...headers });
    this.#response.flushHeaders?.();
  }

  /** Writes a piece and waits until it has left the process; false when the client is gone. */
  write(piece: string | Uint8Array): Promise<boolean> {
    if (this.#end !== "open") return Promise.resolve(false);
    return new Promise((resolve) => {
      const gone = (): void => resolve(false);
      this.#closed.signal.addEventListener("abort", gone, { once: true });
      this.#response.write(piece, (error) => {
        this.#closed.signal.removeEventListener("abort", gone);
        // Node emits `finish` for a broken connection, too: the failed write has to say it first.
        if (error && this.#end === "open") this.#end = "client_gone";
        resolve(!error);
      });
    });
  }

  /** Writes the last piece and ends the response; false when the client went away before. */
  async finish(piece: string | Uint8Array): Promise<boolean> {
    if (piece.length > 0 && !(await this.write(piece))) return false;
    if (this.#end !== "open") return false;
    return new Promise((resolve) => {
      const closed = (): void => resolve(this.#end === "finished");
      this.#closed.signal.addEventListener("abort", closed, { once: true });
      this.#response.end(closed);
    });
  }

  /** Destroys the connection, for the script or because the server stops. */
  destroy(reason: "destroyed" | "server_stopped" = "destroyed"): void {
    if (this.#end === "open") this.#end = reason;
    // With HTTP/2 a destroyed response would only reset its stream.
    const session = this.#response.stream?.session;
    if (session === undefined) this.#response.destroy();
    else session.destroy();
    this.#closed.abort();
  }
}
