import { type Environment, InvalidAgentHostError } from "@llmdevops/dd-core";
import { refusalText, shown } from "@llmdevops/dd-core/options";

/** How DogStatsD is reached. */
export interface DogStatsDOptions {
  /**
   * Host name or IP address. Environment: `DD_DOGSTATSD_HOST` (or, as dd-trace also knows it,
   * `DD_DOGSTATSD_HOSTNAME`), else the Agent's host (`agent.host`, `DD_AGENT_HOST`).
   * @default "127.0.0.1"
   */
  readonly host?: string;
  /** UDP port, 1 to 65535. Environment: `DD_DOGSTATSD_PORT`. @default 8125 */
  readonly port?: number;
  /**
   * Path of the Agent's datagram socket, instead of UDP. Environment: `DD_DOGSTATSD_SOCKET`. Needs the native
   * module `unix-dgram`; without it metrics go to host and port over UDP, which is said once and counted.
   */
  readonly socketPath?: string;
}

/** Where datagrams go: UDP, or a unix datagram socket. */
export type DogStatsDAddress =
  | {
      /** Datagrams over the network, which is also the local host. */
      readonly protocol: "udp";
      /** Host name or IP address. */
      readonly host: string;
      /** 1 to 65535. */
      readonly port: number;
    }
  | {
      /** Datagrams through a unix socket. */
      readonly protocol: "uds";
      /** Path of the socket. */
      readonly path: string;
    };

/** Where datagrams go, and the UDP address that would be in use without any socket. */
export interface DogStatsDAddresses {
  readonly preferred: DogStatsDAddress;
  readonly udp: UdpAddress;
}

type UdpAddress = Extract<DogStatsDAddress, { protocol: "udp" }>;

const defaultPort = 8_125;
const unixScheme = /^unix(?:gram)?:\/\//;
/** Longest name of the domain name system (RFC 1035, section 2.3.4). */
const maximumHostLength = 253;

/**
 * Decides the one address that metrics go to; `DD_DOGSTATSD_URL` (`udp://host:port`, `unix:///path` or
 * `unixgram:///path`) ranks between the options and the other variables.
 *
 * @param agentHost The host of the Agent's trace intake, where that is set: metrics go to the same machine.
 * @throws {InvalidAgentHostError} When the host, the port or the URL cannot be used.
 */
export function resolveDogStatsDAddress(
  options: DogStatsDOptions = {},
  environment: Environment = process.env,
  agentHost?: string,
): DogStatsDAddress {
  return resolveDogStatsDAddresses(options, environment, agentHost).preferred;
}

/** The same with what is used instead of a socket. */
export function resolveDogStatsDAddresses(
  options: DogStatsDOptions = {},
  environment: Environment = process.env,
  agentHost?: string,
): DogStatsDAddresses {
  if (typeof options !== "object" || options === null) {
    throw new InvalidAgentHostError(
      refusalText({ option: "dogstatsd", expected: "an object", given: options }),
    );
  }
  const preferred = preferredAddress(options, environment);
  if (preferred?.protocol === "udp") return { preferred, udp: preferred };
  const udp = udpAddress(options, environment, agentHost);
  return { preferred: preferred ?? udp, udp };
}

/** A socket, or what `DD_DOGSTATSD_URL` says. */
function preferredAddress(
  options: DogStatsDOptions,
  environment: Environment,
): DogStatsDAddress | undefined {
  if (isGiven(options.socketPath)) return unixSocket(options.socketPath);
  if (isGiven(options.host) || options.port !== undefined) return undefined;
  const url = variable(environment, "DD_DOGSTATSD_URL");
  if (url !== undefined) return fromUrl(url);
  const socket = variable(environment, "DD_DOGSTATSD_SOCKET");
  return socket === undefined ? undefined : unixSocket(socket, "DD_DOGSTATSD_SOCKET");
}

function udpAddress(
  options: DogStatsDOptions,
  environment: Environment,
  agentHost: string | undefined,
): UdpAddress {
  const host: unknown = isGiven(options.host)
    ? options.host
    : variable(environment, "DD_DOGSTATSD_HOST") ||
      variable(environment, "DD_DOGSTATSD_HOSTNAME") ||
      agentHost ||
      variable(environment, "DD_AGENT_HOST") ||
      "127.0.0.1";
  return { protocol: "udp", host: checkedHost(host), port: udpPort(options, environment) };
}

function udpPort(options: DogStatsDOptions, environment: Environment): number {
  if (options.port !== undefined) return checkedPort(options.port);
  const text = variable(environment, "DD_DOGSTATSD_PORT");
  return text === undefined ? defaultPort : checkedPort(Number(text), text);
}

/** Empty text counts as absent. */
function isGiven(option: unknown): boolean {
  return option !== undefined && option !== "";
}

function variable(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

function unixSocket(address: unknown, variable?: string): DogStatsDAddress {
  const path = typeof address === "string" ? address.replace(unixScheme, "") : "";
  if (path.startsWith("/") && path.length > 1) return { protocol: "uds", path };
  const given = withoutCredentials(address);
  const refusal = {
    option: "dogstatsd.socketPath",
    expected: "the absolute path of a socket",
    given,
  };
  throw new InvalidAgentHostError(
    refusalText({ ...refusal, variable: variable ?? "DD_DOGSTATSD_SOCKET" }),
  );
}

function fromUrl(text: string): DogStatsDAddress {
  if (unixScheme.test(text)) return unixSocket(text, "DD_DOGSTATSD_URL");
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "udp:" && url.hostname !== "") {
    const port = url.port === "" ? defaultPort : Number(url.port);
    return { protocol: "udp", host: checkedHost(url.hostname), port: checkedPort(port) };
  }
  throw new InvalidAgentHostError(
    `The variable DD_DOGSTATSD_URL must be udp://host:port or unix:///path, not ${shown(withoutCredentials(text))}. Set it to such an address, or the options dogstatsd.host and dogstatsd.port.`,
  );
}

function checkedHost(host: unknown): string {
  if (typeof host === "string" && host.length <= maximumHostLength && !/[\s/\\@?#]/.test(host)) {
    return host.replace(/^\[(.*)\]$/, "$1");
  }
  throw new InvalidAgentHostError(
    refusalText({
      option: "dogstatsd.host",
      variable: "DD_DOGSTATSD_HOST",
      expected: "a host name or an IP address",
      given: withoutCredentials(host),
    }),
  );
}

function checkedPort(port: unknown, given: unknown = port): number {
  if (typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535)
    return port;
  throw new InvalidAgentHostError(
    refusalText({
      option: "dogstatsd.port",
      variable: "DD_DOGSTATSD_PORT",
      expected: "a whole number from 1 to 65535",
      given,
    }),
  );
}

/** An address for an error message, without what could be a password. */
function withoutCredentials(address: unknown): unknown {
  if (typeof address !== "string") return address;
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1***@");
}
