import { ConfigurationError, type Environment } from "@llmdevops/dd-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DogStatsDOptions, resolveDogStatsDAddress } from "../src/index.ts";

function udp(host: string, port = 8_125): object {
  return { protocol: "udp", host, port };
}

describe("the address of DogStatsD", () => {
  test("is the local Agent's by default", () => {
    expect(resolveDogStatsDAddress(undefined, {})).toEqual(udp("127.0.0.1"));
  });

  test.each<[string, DogStatsDOptions, Environment, object]>([
    [
      "the host option",
      { host: "h" },
      { DD_DOGSTATSD_HOST: "x", DD_DOGSTATSD_URL: "udp://x" },
      udp("h"),
    ],
    [
      "the port option",
      { port: 9 },
      { DD_DOGSTATSD_PORT: "1", DD_DOGSTATSD_URL: "udp://x" },
      udp("127.0.0.1", 9),
    ],
    [
      "the port option before a socket",
      { port: 9 },
      { DD_DOGSTATSD_SOCKET: "/s" },
      udp("127.0.0.1", 9),
    ],
    [
      "the socket option",
      { socketPath: "/s", host: "h" },
      { DD_DOGSTATSD_URL: "udp://x" },
      { protocol: "uds", path: "/s" },
    ],
    [
      "the URL",
      {},
      { DD_DOGSTATSD_URL: " udp://h:99 ", DD_DOGSTATSD_SOCKET: "/s", DD_DOGSTATSD_HOST: "x" },
      udp("h", 99),
    ],
    ["a URL without port", {}, { DD_DOGSTATSD_URL: "udp://h", DD_DOGSTATSD_PORT: "99" }, udp("h")],
    ["a URL with an IPv6 address", {}, { DD_DOGSTATSD_URL: "udp://[::1]:99" }, udp("::1", 99)],
    [
      "a unix URL",
      {},
      { DD_DOGSTATSD_URL: "unix:///var/run/a b.socket" },
      { protocol: "uds", path: "/var/run/a b.socket" },
    ],
    ["a unixgram URL", {}, { DD_DOGSTATSD_URL: "unixgram:///s" }, { protocol: "uds", path: "/s" }],
    [
      "the socket variable",
      {},
      { DD_DOGSTATSD_SOCKET: "/s", DD_DOGSTATSD_HOST: "x" },
      { protocol: "uds", path: "/s" },
    ],
    [
      "the socket variable as a URL",
      {},
      { DD_DOGSTATSD_SOCKET: "unix:///s" },
      { protocol: "uds", path: "/s" },
    ],
    [
      "the host and port variables",
      {},
      { DD_DOGSTATSD_HOST: " h ", DD_DOGSTATSD_PORT: " 99 ", DD_AGENT_HOST: "x" },
      udp("h", 99),
    ],
    [
      "the host variable's other name",
      {},
      { DD_DOGSTATSD_HOSTNAME: "h", DD_AGENT_HOST: "x" },
      udp("h"),
    ],
    ["the Agent's host variable", {}, { DD_AGENT_HOST: "h" }, udp("h")],
    [
      "empty variables and options count as absent",
      { host: "", socketPath: "" },
      {
        DD_DOGSTATSD_URL: " ",
        DD_DOGSTATSD_SOCKET: "",
        DD_DOGSTATSD_HOST: "",
        DD_DOGSTATSD_PORT: " ",
        DD_AGENT_HOST: "",
      },
      udp("127.0.0.1"),
    ],
    [
      "an empty host option leaves the URL in force",
      { host: "" },
      { DD_DOGSTATSD_URL: "udp://h" },
      udp("h"),
    ],
    ["an IPv6 address", { host: "::1" }, {}, udp("::1")],
    ["an IPv6 address in brackets", { host: "[fd00::2]" }, {}, udp("fd00::2")],
  ])("follows %s", (_title, options, environment, expected) => {
    expect(resolveDogStatsDAddress(options, environment)).toEqual(expected);
  });

  test.each([1, 65_535])("takes port %s", (port) => {
    expect(resolveDogStatsDAddress({ port }, {})).toEqual(udp("127.0.0.1", port));
  });

  test("takes a host name of 253 characters", () => {
    const host = "h".repeat(253);

    expect(resolveDogStatsDAddress({ host }, {})).toEqual(udp(host));
  });

  test("follows the Agent's host option before the Agent's host variable only", () => {
    const environment = { DD_AGENT_HOST: "variable" };

    expect(resolveDogStatsDAddress({}, environment, "option")).toEqual(udp("option"));
    expect(
      resolveDogStatsDAddress({}, { ...environment, DD_DOGSTATSD_HOST: "own" }, "option"),
    ).toEqual(udp("own"));
    expect(resolveDogStatsDAddress({ host: "own" }, environment, "option")).toEqual(udp("own"));
  });

  test.each<[string, DogStatsDOptions, Environment, RegExp]>([
    ["a port of 0", { port: 0 }, {}, /dogstatsd\.port/],
    ["a port above 65535", { port: 65_536 }, {}, /not 65536/],
    ["half a port", { port: 1.5 }, {}, /not 1\.5/],
    ["a port that is no number", {}, { DD_DOGSTATSD_PORT: "many" }, /DD_DOGSTATSD_PORT/],
    ["a host with a scheme", { host: "http://agent" }, {}, /dogstatsd\.host/],
    ["a host with a blank", {}, { DD_DOGSTATSD_HOST: "my agent" }, /DD_DOGSTATSD_HOST/],
    ["a host that is no text", { host: 5 as unknown as string }, {}, /not 5/],
    ["a host that is too long", { host: "h".repeat(254) }, {}, /host name/],
    ["a URL of another scheme", {}, { DD_DOGSTATSD_URL: "http://h:8125" }, /http:\/\/h:8125/],
    ["a URL without host", {}, { DD_DOGSTATSD_URL: "udp://" }, /DD_DOGSTATSD_URL/],
    ["a URL with a bad port", {}, { DD_DOGSTATSD_URL: "udp://h:99999" }, /DD_DOGSTATSD_URL/],
    ["a URL with port 0", {}, { DD_DOGSTATSD_URL: "udp://h:0" }, /not 0/],
    ["a stream socket", {}, { DD_DOGSTATSD_URL: "unixstream:///s" }, /DD_DOGSTATSD_URL/],
    ["a unix URL without path", {}, { DD_DOGSTATSD_URL: "unix:///" }, /absolute path/],
    ["a socket path that is no text", { socketPath: 5 as never }, {}, /dogstatsd\.socketPath/],
    ["an option that is a number", 5 as never, {}, /setting dogstatsd must/],
    ["an option that is null", null as never, {}, /setting dogstatsd must/],
    ["a URL with a password", {}, { DD_DOGSTATSD_URL: "udp://u:hidden@a b" }, /\/\/\*\*\*@a b/],
    ["a host with a password", { host: "u:hidden@agent" }, {}, /"\*\*\*@agent".*dogstatsd\.host/],
    ["a relative socket path", { socketPath: "run/s" }, {}, /dogstatsd\.socketPath/],
    ["a relative socket variable", {}, { DD_DOGSTATSD_SOCKET: "run/s" }, /DD_DOGSTATSD_SOCKET/],
  ])("is refused for %s", (_title, options, environment, message) => {
    const resolve = () => resolveDogStatsDAddress(options, environment);

    expect(resolve).toThrow(message);
    expect(resolve).toThrow(expect.objectContaining({ name: "InvalidAgentHostError" }));
  });

  test("is usable or refused with a configuration error, for any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (url, host) => {
        for (const environment of [{ DD_DOGSTATSD_URL: url }, { DD_DOGSTATSD_HOST: host }]) {
          try {
            const address = resolveDogStatsDAddress({}, environment);
            if (address.protocol === "uds") expect(address.path).toMatch(/^\/./s);
            else expect(address.host).not.toMatch(/^$|[\s/]/);
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigurationError);
          }
        }
      }),
    );
  });
});
