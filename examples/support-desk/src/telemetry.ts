import { createClient, type DatadogAPMClient } from "@llmdevops/dd";
import { type Logger, pino } from "pino";

/** The observability of one process of the support desk. */
export interface Telemetry {
  readonly datadog: DatadogAPMClient;
  readonly logger: Logger;
}

/** Builds the client and a logger whose every line carries the active trace. */
export function createTelemetry(service: string): Telemetry {
  const datadog = createClient({
    service,
    env: "demo",
    version: "1.0.0",
    llmobs: { enabled: true, mlApp: "support-desk" },
    content: { mode: "preview" },
  });
  const logger = pino({ base: null, mixin: () => ({ ...datadog.getCorrelationIds() }) });
  return { datadog, logger };
}
