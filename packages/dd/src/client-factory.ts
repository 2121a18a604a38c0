import type { DatadogAPMClient } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import { createClient } from "./create-client.ts";

/** Creates clients by the specification's name. */
export const DatadogAPMClientFactory: {
  /** The same as {@link createClient}. */
  readonly create: (options?: ClientOptions) => DatadogAPMClient;
} = { create: createClient };
