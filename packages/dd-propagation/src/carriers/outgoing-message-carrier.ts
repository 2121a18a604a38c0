import { headerText } from "./header-text.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** The part of Node's `http.ClientRequest` and `http.ServerResponse` that is needed. */
export interface OutgoingMessage {
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): unknown;
  getHeaderNames(): string[];
}

/** An outgoing HTTP message; its headers must not have been sent yet. */
export class OutgoingMessageCarrier implements TraceContextCarrier {
  readonly #message: OutgoingMessage;

  constructor(message: OutgoingMessage) {
    this.#message = message;
  }

  get(name: string): string | undefined {
    return headerText(this.#message.getHeader(name));
  }

  set(name: string, value: string): void {
    this.#message.setHeader(name, value);
  }

  delete(name: string): void {
    this.#message.removeHeader(name);
  }

  keys(): string[] {
    return this.#message.getHeaderNames();
  }
}

/** Tells an outgoing message by its methods. */
export function isOutgoingMessage(value: object): value is OutgoingMessage {
  return ["getHeader", "setHeader", "removeHeader", "getHeaderNames"].every(
    (method) => typeof Reflect.get(value, method) === "function",
  );
}
