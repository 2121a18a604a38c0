import { createRequire } from "node:module";
import type { MockClientOptions, MockDatadogAPMClient } from "@llmdevops/dd-testing/mock";
import type { DatadogAPMClient } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import { createClient } from "./create-client.ts";

type MockModule = typeof import("@llmdevops/dd-testing/mock");

/** Creates clients by the specification's names. */
export const DatadogAPMClientFactory: {
  /** The same as {@link createClient}. */
  readonly create: (options?: ClientOptions) => DatadogAPMClient;
  /** The same as `createMockClient` of `@llmdevops/dd-testing`: the whole client in memory, for tests. */
  readonly createMock: (options?: MockClientOptions) => MockDatadogAPMClient;
} = { create: createClient, createMock };

/** Loaded when it is first asked for, so that production never reads the test kit. */
function createMock(options?: MockClientOptions): MockDatadogAPMClient {
  // A bundle in CommonJS has no `import.meta.url`.
  const load = createRequire(import.meta.url ?? __filename);
  const { createMockClient } = load("@llmdevops/dd-testing/mock") as MockModule;
  return createMockClient(options);
}
