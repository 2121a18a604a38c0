import type { RequestOptions } from "node:http";
import { isIPv4 } from "node:net";
import type { PayloadRoute } from "./payload.ts";

/** What Node's `http` and `https` need to know to reach a receiver. */
export interface ReceiverOptions extends RequestOptions {
  readonly secure: boolean;
}

/** Turns an `http:`, `https:` or `unix:` address into request options; `undefined` where it is none of them. */
export function receiverOptions(address: string): ReceiverOptions | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) return undefined;
  if (url.protocol === "unix:") {
    // A named pipe of Windows, unix://./pipe/name, has its dot where an address has the host.
    const socketPath = url.hostname === "." ? `//.${url.pathname}` : url.pathname;
    return { secure: false, socketPath: decodeURIComponent(socketPath) };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  return {
    secure: url.protocol === "https:",
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? null : Number(url.port),
  };
}

/** Whether an API key may travel there: only encrypted, or without leaving the machine. */
export function mayCarryApiKey({ secure, hostname, socketPath }: ReceiverOptions): boolean {
  if (secure || socketPath) return true;
  if (!hostname) return false;
  return (
    hostname === "localhost" ||
    hostname === "::1" ||
    (hostname.startsWith("127.") && isIPv4(hostname))
  );
}

/** The headers of a request for a payload. */
export function requestHeaders(
  route: PayloadRoute,
  bytes: number,
  apiKey: string | undefined,
): Record<string, string> {
  return {
    ...route.headers,
    "Content-Length": String(bytes),
    ...(route.agentless && apiKey !== undefined ? { "DD-API-KEY": apiKey } : {}),
  };
}
