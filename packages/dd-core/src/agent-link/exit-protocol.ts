import type { Payload } from "./payload.ts";

/** A datagram for the end of the process. */
export interface ExitDatagram {
  /** Name or address of the receiver. */
  readonly host: string;
  /** UDP port of the receiver. */
  readonly port: number;
  /** What the datagram carries; text is sent as UTF-8. */
  readonly message: string | Uint8Array;
}

/** A request for the end of the process. */
export interface ExitRequest extends Pick<Payload, "kind" | "items" | "route"> {
  /** The encoded body, sent as it is. */
  readonly body: Uint8Array;
  /** Datadog's API key for a route that is agentless; `undefined` for all others. */
  readonly apiKey: string | undefined;
}

/** What the sender thread is given. */
export interface ExitTask {
  readonly requests: readonly ExitRequest[];
  readonly datagrams: readonly ExitDatagram[];
  readonly timeoutMs: number;
  /** One number that says when all is done, then one {@link exitStates} per request. */
  readonly states: SharedArrayBuffer;
}

/** How far a request has come; the numbers pass between the threads. */
export const exitStates = {
  pending: 0,
  delivered: 1,
  refused: 2,
  failed: 3,
  unconfirmed: 4,
} as const;
