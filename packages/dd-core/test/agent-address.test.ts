import { describe, expect, test } from "vitest";
import { type AgentOptions, resolveAgentUrl } from "../src/configuration/agent-address.ts";
import { SettingReader } from "../src/configuration/setting.ts";
import { InvalidAgentHostError } from "../src/index.ts";

interface Resolved {
  readonly url: string;
  readonly source: string | undefined;
}

function resolve(
  options: AgentOptions | undefined,
  environment: Record<string, string> = {},
  hasSocket = false,
): Resolved {
  const settings = new SettingReader(environment);
  const url = resolveAgentUrl(options, environment, settings, () => hasSocket);
  expect(settings.reports()["agent.url"]?.value).toBe(url);
  return { url, source: settings.reports()["agent.url"]?.source };
}

function refusal(options: AgentOptions, environment: Record<string, string> = {}): string {
  try {
    resolve(options, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidAgentHostError);
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

const variables = {
  DD_TRACE_AGENT_URL: "http://from-url:1",
  DD_AGENT_HOST: "from-host",
  DD_TRACE_AGENT_PORT: "2",
};

describe("the address", () => {
  test.each<[string, AgentOptions | undefined, Record<string, string>, string, string]>([
    ["is the local Agent by default", undefined, {}, "http://127.0.0.1:8126", "default"],
    [
      "is the url option first",
      { url: "http://a:3", socketPath: "/s", host: "h" },
      variables,
      "http://a:3",
      "option",
    ],
    [
      "is the socket option next",
      { socketPath: "/run/s", host: "h" },
      variables,
      "unix:///run/s",
      "option",
    ],
    [
      "is host and port of the options before DD_TRACE_AGENT_URL",
      { host: "h", port: 4 },
      variables,
      "http://h:4",
      "option",
    ],
    [
      "takes the host from the environment beside a port option",
      { port: 4 },
      variables,
      "http://from-host:4",
      "option",
    ],
    [
      "takes the port from the environment beside a host option",
      { host: "h" },
      variables,
      "http://h:2",
      "option",
    ],
    [
      "is DD_TRACE_AGENT_URL before DD_AGENT_HOST",
      {},
      variables,
      "http://from-url:1",
      "environment",
    ],
    [
      "is DD_AGENT_HOST and DD_TRACE_AGENT_PORT",
      {},
      { DD_AGENT_HOST: "h", DD_TRACE_AGENT_PORT: "5" },
      "http://h:5",
      "environment",
    ],
    [
      "is the local host on DD_TRACE_AGENT_PORT",
      {},
      { DD_TRACE_AGENT_PORT: "5" },
      "http://127.0.0.1:5",
      "environment",
    ],
    [
      "reads empty options and variables as absent",
      { url: "", socketPath: "", host: "" },
      { DD_TRACE_AGENT_URL: " ", DD_AGENT_HOST: "" },
      "http://127.0.0.1:8126",
      "option",
    ],
    [
      "is https where asked",
      { url: "https://agent.example:443" },
      {},
      "https://agent.example",
      "option",
    ],
  ])("%s", (_, options, environment, url, source) => {
    expect(resolve(options, environment)).toEqual({ url, source });
  });

  test.each([
    ["::1", "http://[::1]:8126"],
    ["[::1]", "http://[::1]:8126"],
    ["fe80::1", "http://[fe80::1]:8126"],
    ["10.1.2.3", "http://10.1.2.3:8126"],
  ])("brackets the IPv6 host %s once and leaves other hosts", (host, url) => {
    expect(resolve({ host }).url).toBe(url);
  });

  test("is the Agent's socket where that exists and nothing else is set", () => {
    const socket = { url: "unix:///var/run/datadog/apm.socket", source: "default" };

    expect(resolve(undefined, {}, true)).toEqual(socket);
    expect(resolve({}, {}, true)).toEqual(socket);
    expect(resolve({ port: 9 }, {}, true).url).toBe("http://127.0.0.1:9");
    expect(resolve({ host: "127.0.0.1" }, {}, true).url).toBe("http://127.0.0.1:8126");
    expect(resolve({}, { DD_AGENT_HOST: "h" }, true).url).toBe("http://h:8126");
  });

  test("accepts unix URLs with an absolute path and Windows pipes", () => {
    expect(resolve({ url: "unix:///tmp/apm.sock" }).url).toBe("unix:///tmp/apm.sock");
    expect(resolve({ url: "unix://./pipe/agent" }).url).toBe("unix://./pipe/agent");
  });

  test("loses credentials, query and fragment", () => {
    const { url } = resolve({ url: "http://user:hunter2@agent:8126/?api_key=hunter2#hunter2" });

    expect(url).toBe("http://agent:8126");
  });
});

describe("refuses", () => {
  test.each<[string, AgentOptions]>([
    ["text that is no URL", { url: "agent:8126:1" }],
    ["another protocol", { url: "ftp://agent" }],
    ["a URL without a host", { url: "http://" }],
    ["a unix URL with a slash too few", { url: "unix://var/run/apm.socket" }],
    ["a unix URL without a path", { url: "unix:///" }],
    ["a relative socket path", { socketPath: "run/apm.socket" }],
    ["a socket path that a URL would change", { socketPath: "/run/my agent.socket" }],
    ["a socket path with a query sign", { socketPath: "/run/apm?socket" }],
    ["a host with a port", { host: "agent:8126" }],
    ["a host that is a URL", { host: "http://agent" }],
    ["a host with a path", { host: "agent/path" }],
    ["a host with a blank", { host: "my agent" }],
    ["an url that is no text", { url: 5 as unknown as string }],
  ])("%s, and says what to set", (_, options) => {
    const message = refusal(options);

    for (const name of ["agent.url", "agent.host", "agent.port", "agent.socketPath"]) {
      expect(message).toContain(name);
    }
    expect(message).toContain("DD_TRACE_AGENT_URL");
    expect(message).toContain("DD_AGENT_HOST");
  });

  test.each([
    ["http://user:hunter2@:99999", {}],
    ["http://user:hunt/er2@host:port", {}],
    ["user:hunter2@host", {}],
    ["nothing://host?api_key=hunter2", {}],
  ])("%s without showing what may be a secret", (url) => {
    const messages = [
      refusal({ url }),
      refusal({}, { DD_TRACE_AGENT_URL: url }),
      refusal({ host: url }),
    ];

    for (const message of messages) expect(message).not.toMatch(/hunt|er2/);
  });

  test.each([0, -1, 1.5, 65_536, Number.NaN, "8126" as unknown as number])(
    "the port option %s, naming option, variable and value",
    (port) => {
      const message = refusal({ port });

      expect(message).toContain("agent.port");
      expect(message).toContain("DD_TRACE_AGENT_PORT");
      expect(message).toContain(String(port));
    },
  );

  test.each(["0", "65536", "http", "80.5"])("the port variable %s", (port) => {
    expect(refusal({}, { DD_TRACE_AGENT_PORT: port })).toContain(`not "${port}"`);
  });

  test("no port at the ends of the range", () => {
    expect(resolve({ port: 1 }).url).toBe("http://127.0.0.1:1");
    expect(resolve({ port: 65_535 }).url).toBe("http://127.0.0.1:65535");
  });
});
