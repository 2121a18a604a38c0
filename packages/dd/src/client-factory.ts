import {
  createMockClient,
  type MockClientOptions,
  type MockDatadogAPMClient,
} from "@llmdevops/dd-testing/mock";
import type { DatadogAPMClient } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import { createClient } from "./create-client.ts";

/** Creates clients by the specification's names. */
export const DatadogAPMClientFactory: {
  /** The same as {@link createClient}. */
  readonly create: (options?: ClientOptions) => DatadogAPMClient;
  /** The same as `createMockClient` of `@llmdevops/dd-testing`: the whole client in memory, for tests. */
  readonly createMock: (options?: MockClientOptions) => MockDatadogAPMClient;
} = { create: createClient, createMock: createMockClient };
