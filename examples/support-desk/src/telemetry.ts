import { createClient, type DatadogAPMClient, pinoOptions } from "@llmdevops/dd";
import { type Logger, pino } from "pino";

/** The observability of one process of the support desk. */
export interface Telemetry {
  readonly datadog: DatadogAPMClient;
  readonly logger: Logger;
}

/** Builds the client and a logger whose every line is redacted and carries the active trace. */
export function createTelemetry(service: string): Telemetry {
  const datadog = createClient({
    service,
    env: "demo",
    version: "1.0.0",
    llmobs: { enabled: true, mlApp: "support-desk" },
    content: { mode: "preview" },
  });
  const logger = pino({ base: null, ...pinoOptions(datadog) });
  return { datadog, logger };
}
