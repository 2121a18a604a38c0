import { type Environment, InvalidAgentHostError } from "@llmdevops/dd-core";

/** How DogStatsD is reached. */
export interface DogStatsDOptions {
  /**
   * Host name or IP address. Environment: `DD_DOGSTATSD_HOST`, else `DD_AGENT_HOST`.
   * @default "127.0.0.1"
   */
  readonly host?: string;
  /** UDP port, 1 to 65535. Environment: `DD_DOGSTATSD_PORT`. @default 8125 */
  readonly port?: number;
  /** Path of the Agent's datagram socket, instead of UDP. Environment: `DD_DOGSTATSD_SOCKET`. */
  readonly socketPath?: string;
}

/** Where datagrams go: UDP, or a unix datagram socket. */
export type DogStatsDAddress =
  | { readonly protocol: "udp"; readonly host: string; readonly port: number }
  | { readonly protocol: "uds"; readonly path: string };

/**
 * Decides the one address that metrics go to; `DD_DOGSTATSD_URL` (`udp://host:port` or `unix:///path`) ranks
 * between the options and the other variables.
 *
 * @throws {InvalidAgentHostError} When the port or the URL cannot be used.
 */
export function resolveDogStatsDAddress(
  options: DogStatsDOptions = {},
  environment: Environment = process.env,
): DogStatsDAddress {
  if (options.socketPath) return { protocol: "uds", path: options.socketPath };
  const fromOptions = options.host !== undefined || options.port !== undefined;
  const url = environment["DD_DOGSTATSD_URL"]?.trim();
  if (url && !fromOptions) return fromUrl(url);
  const socket = environment["DD_DOGSTATSD_SOCKET"]?.trim();
  if (socket && !fromOptions) return { protocol: "uds", path: socket.replace(/^unix:\/\//, "") };
  const host =
    options.host || environment["DD_DOGSTATSD_HOST"] || environment["DD_AGENT_HOST"] || "127.0.0.1";
  const port = options.port ?? Number(environment["DD_DOGSTATSD_PORT"] || 8125);
  return { protocol: "udp", host, port: checkedPort(port) };
}

function fromUrl(text: string): DogStatsDAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "unix:" && url.pathname.length > 1) {
    return { protocol: "uds", path: url.pathname };
  }
  if (url?.protocol === "udp:" && url.hostname !== "") {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    return { protocol: "udp", host, port: checkedPort(Number(url.port || 8125)) };
  }
  throw new InvalidAgentHostError(
    `DD_DOGSTATSD_URL="${text}" cannot be used: expected udp://host:port or unix:///path.`,
  );
}

function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidAgentHostError(
    `The DogStatsD port must be a whole number from 1 to 65535, not ${port}. Set the option dogstatsd.port or the variable DD_DOGSTATSD_PORT.`,
  );
}
