import { existsSync } from "node:fs";
import { isIPv6 } from "node:net";
import { InvalidAgentHostError } from "../errors/configuration-error.ts";
import { shown } from "./refusal.ts";
import type { Environment, SettingReader, SettingSource } from "./setting.ts";

/** How the Datadog Agent is reached; of several, `url` beats `socketPath`, which beats `host` and `port`. */
export interface AgentOptions {
  /**
   * The Agent's address: `http://host:port`, `https://…` or `unix:///path/to/socket`. Credentials, query and
   * fragment are removed. Environment: `DD_TRACE_AGENT_URL`.
   */
  readonly url?: string;
  /** The Agent's host name or IP address. Environment: `DD_AGENT_HOST`. @default "127.0.0.1" */
  readonly host?: string;
  /** The Agent's trace port, 1 to 65535. Environment: `DD_TRACE_AGENT_PORT`. @default 8126 */
  readonly port?: number;
  /**
   * Absolute path of the Agent's unix socket for traces.
   * @default "/var/run/datadog/apm.socket" where that exists and nothing else is set
   */
  readonly socketPath?: string;
}

const defaultPort = 8126;
/** Longest name of the domain name system (RFC 1035, section 2.3.4). */
const longestHost = 253;
/** Where the Agent's installation puts its socket (https://docs.datadoghq.com/containers/kubernetes/apm/). */
const defaultSocketPath = "/var/run/datadog/apm.socket";
const supportedProtocols = new Set(["http:", "https:", "unix:"]);
const remedy =
  "Set the option agent.url (or agent.socketPath, or agent.host and agent.port), or the variable " +
  "DD_TRACE_AGENT_URL (or DD_AGENT_HOST and DD_TRACE_AGENT_PORT).";

/**
 * Decides the one address that traces go to.
 *
 * @throws {InvalidAgentHostError} When an address is malformed or a port is out of range.
 */
export function resolveAgentUrl(
  options: AgentOptions | undefined,
  environment: Environment,
  settings: SettingReader,
  socketExists: (path: string) => boolean = existsSync,
): string {
  const explicit = optionText(options?.url) ?? socketUrl(optionText(options?.socketPath));
  if (explicit !== undefined) return settle(explicit, "option", settings);
  const hasHostOption = options?.host !== undefined || options?.port !== undefined;
  const variable = environment["DD_TRACE_AGENT_URL"]?.trim();
  if (variable && !hasHostOption) return settle(variable, "environment", settings);

  const host = settings.text("agent.host", options?.host, "DD_AGENT_HOST");
  const port = settings.number("agent.port", {
    option: options?.port,
    variable: "DD_TRACE_AGENT_PORT",
    fallback: defaultPort,
    accepts: (value) => Number.isInteger(value) && value >= 1 && value <= 65_535,
    expected: "a whole number from 1 to 65535",
    refuse: (message) => new InvalidAgentHostError(message),
  });
  if (host === undefined && port === defaultPort && socketExists(defaultSocketPath)) {
    return settle(`unix://${defaultSocketPath}`, "default", settings);
  }
  const isDefault = host === undefined && port === defaultPort;
  const source = hasHostOption ? "option" : isDefault ? "default" : "environment";
  return settle(`http://${authority(host ?? "127.0.0.1")}:${port}`, source, settings);
}

function optionText(value: unknown): string | undefined {
  if (value === undefined || value === "") return undefined;
  return typeof value === "string" ? value : refuse(`of type ${typeof value}`);
}

/** dd-trace takes the path out of a URL as it is, so one that URL syntax would change cannot be used. */
function socketUrl(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const url = `unix://${path}`;
  const isKept = URL.canParse(url) && path.startsWith("/") && new URL(url).pathname === path;
  return isKept ? url : refuse(`${shown(path)} (not an absolute path without % ? # or blanks)`);
}

function authority(host: string): string {
  if (isIPv6(host)) return `[${host}]`;
  // Anything else that URL syntax would read as more than a host name ends up at another address.
  return host.length > longestHost || /[\s/?#@\\]/.test(host)
    ? refuse(shown(maskCredentials(host)))
    : host;
}

function settle(address: string, source: SettingSource, settings: SettingReader): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isUsable = url !== undefined && supportedProtocols.has(url.protocol) && hasDestination(url);
  if (!isUsable) {
    return refuse(shown(maskCredentials(address)));
  }
  // None of these has a meaning for an Agent, and each could show a credential in diagnostics.
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  const clean = url.href.replace(/\/$/, "");
  settings.derive("agent.url", clean, source);
  return clean;
}

/** `unix://var/run/…`, with a slash too few, would silently lose its first folder; `.` begins a Windows pipe. */
function hasDestination(url: URL): boolean {
  if (url.protocol !== "unix:") return url.hostname !== "" && url.hostname.length <= longestHost;
  return url.pathname.length > 1 && (url.hostname === "" || url.hostname === ".");
}

function maskCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1***@").replace(/[?#].*$/s, "");
}

function refuse(given: string): never {
  throw new InvalidAgentHostError(
    `The Agent's address cannot be ${given}: expected http://host:port, https://host:port or unix:///path. ${remedy}`,
  );
}
