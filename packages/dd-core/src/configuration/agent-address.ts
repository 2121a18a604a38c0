import { existsSync } from "node:fs";
import { InvalidAgentHostError } from "../errors/configuration-error.ts";
import type { Environment, SettingReader } from "./setting.ts";

/** How the Datadog Agent is reached. */
export interface AgentOptions {
  /**
   * The Agent's address: `http://host:port`, `https://…` or `unix:///path/to/socket`.
   * Environment: `DD_TRACE_AGENT_URL`.
   */
  readonly url?: string;
  /** The Agent's host name or IP address. Environment: `DD_AGENT_HOST`. @default "127.0.0.1" */
  readonly host?: string;
  /** The Agent's trace port, 1 to 65535. Environment: `DD_TRACE_AGENT_PORT`. @default 8126 */
  readonly port?: number;
  /** Path of the Agent's unix socket for traces. */
  readonly socketPath?: string;
}

const defaultPort = 8126;
/** Where the Agent's installation puts its socket (https://docs.datadoghq.com/containers/kubernetes/apm/). */
const defaultSocketPath = "/var/run/datadog/apm.socket";
const supportedProtocols = new Set(["http:", "https:", "unix:"]);

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
  const explicit = options?.url ?? socketUrl(options?.socketPath);
  const hasHostOption = options?.host !== undefined || options?.port !== undefined;
  const urlVariable = hasHostOption ? undefined : environment["DD_TRACE_AGENT_URL"]?.trim();
  if (explicit !== undefined) return checked(explicit, "option", settings);
  if (urlVariable) return checked(urlVariable, "environment", settings);

  const host = settings.text("agent.host", options?.host, "DD_AGENT_HOST");
  const port = settings.number("agent.port", options?.port, "DD_TRACE_AGENT_PORT", defaultPort);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidAgentHostError(
      `The Agent's port must be a whole number from 1 to 65535, not ${port}. Set the option agent.port or the variable DD_TRACE_AGENT_PORT.`,
    );
  }
  if (host === undefined && port === defaultPort && socketExists(defaultSocketPath)) {
    return checked(`unix://${defaultSocketPath}`, "default", settings);
  }
  const isBareIpv6 = host?.includes(":") === true && !host.startsWith("[");
  const authority = isBareIpv6 ? `[${host}]` : (host ?? "127.0.0.1");
  const source = hasHostOption ? "option" : host === undefined ? "default" : "environment";
  return checked(`http://${authority}:${port}`, source, settings);
}

function socketUrl(path: string | undefined): string | undefined {
  return path === undefined ? undefined : `unix://${path}`;
}

function checked(
  address: string,
  source: "option" | "environment" | "default",
  settings: SettingReader,
): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const hasHost = url?.protocol === "unix:" ? url.pathname.length > 1 : Boolean(url?.hostname);
  if (url === undefined || !supportedProtocols.has(url.protocol) || !hasHost) {
    throw new InvalidAgentHostError(
      `The Agent's address "${address}" cannot be used: expected http://host:port, https://host:port or unix:///path. ` +
        "Set the option agent.url (or agent.host and agent.port), or the variable DD_TRACE_AGENT_URL (or DD_AGENT_HOST and DD_TRACE_AGENT_PORT).",
    );
  }
  // Credentials in an Agent URL have no meaning and would show up in diagnostics.
  url.username = "";
  url.password = "";
  const clean = url.protocol === "unix:" ? address : url.href.replace(/\/$/, "");
  settings.derive("agent.url", clean, source);
  return clean;
}
