import { createClient, type DatadogAPMClient } from "@llmdevops/dd";
import {
  type ProviderServer,
  type ReceivedSpan,
  startProviderServer,
  startTestAgent,
  type TestAgent,
} from "@llmdevops/dd-testing";
import { afterAll, beforeAll, beforeEach } from "vitest";

/** A composed client, the Agent that it sends to, and a provider to call. */
export interface ObservedClient {
  readonly datadog: DatadogAPMClient;
  readonly agent: TestAgent;
  readonly server: ProviderServer;
  /** Ends the requests that are under way and gives what arrived. */
  arrived(): Promise<ReceivedSpan[]>;
}

/** Starts them for the tests of one file; what arrived is forgotten before each. */
export function useObservedClient(): ObservedClient {
  let agent: TestAgent;
  let datadog: DatadogAPMClient;
  let server: ProviderServer;

  beforeAll(async () => {
    agent = await startTestAgent();
    server = await startProviderServer();
    datadog = createClient({
      service: "wrappers",
      env: "test",
      agent: { url: agent.url },
      dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
      llmobs: { enabled: true, mlApp: "wrappers" },
      content: { mode: "full" },
    });
  });

  beforeEach(async () => {
    await datadog.flush();
    agent.clear();
    server.clear();
  });

  afterAll(async () => {
    await datadog.shutdown();
    await server.stop();
    await agent.stop();
  });

  return {
    get agent() {
      return agent;
    },
    get datadog() {
      return datadog;
    },
    get server() {
      return server;
    },
    async arrived() {
      await datadog.flush();
      return agent.spans();
    },
  };
}
