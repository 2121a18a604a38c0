import { describe, expect, test } from "vitest";
import { mayCarryApiKey, receiverOptions } from "../../src/agent-link/request-options.ts";

describe("the address of a receiver", () => {
  test.each([
    ["http://agent:8126", { secure: false, hostname: "agent", port: 8126 }],
    ["http://[::1]:8126/", { secure: false, hostname: "::1", port: 8126 }],
    [
      "https://llmobs-intake.datadoghq.com",
      { secure: true, hostname: "llmobs-intake.datadoghq.com", port: null },
    ],
    [
      "unix:///var/run/datadog/apm.socket",
      { secure: false, socketPath: "/var/run/datadog/apm.socket" },
    ],
    ["unix:///tmp/a%20b.socket", { secure: false, socketPath: "/tmp/a b.socket" }],
    ["unix://./pipe/agent", { secure: false, socketPath: "//./pipe/agent" }],
    ["ftp://agent", undefined],
    ["", undefined],
    ["not an address", undefined],
  ])("%s", (address, options) => {
    expect(receiverOptions(address)).toEqual(options);
  });
});

describe("an API key", () => {
  test.each([
    ["https://api.datadoghq.com", true],
    ["http://127.0.0.1:80", true],
    ["http://127.1.2.3:80", true],
    ["http://localhost:80", true],
    ["http://[::1]:80", true],
    ["unix:///var/run/agent.socket", true],
    ["http://api.datadoghq.com", false],
    ["http://127.example.com", false],
    ["http://localhost.example.com", false],
    ["http://10.0.0.1", false],
  ])("to %s may travel: %s", (address, allowed) => {
    const receiver = receiverOptions(address);

    expect(receiver === undefined ? undefined : mayCarryApiKey(receiver)).toBe(allowed);
  });
});
