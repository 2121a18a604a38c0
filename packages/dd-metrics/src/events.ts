import type { MetricTags } from "@llmdevops/dd-core";

/** Details of an event (https://docs.datadoghq.com/events/guides/dogstatsd/). */
export interface EventOptions {
  /** The body. @default the title */
  readonly text?: string;
  /** @default "info" */
  readonly alertType?: "error" | "warning" | "info" | "success";
  /** @default "normal" */
  readonly priority?: "normal" | "low";
  /** Groups events that belong together. */
  readonly aggregationKey?: string;
  readonly sourceType?: string;
  readonly hostname?: string;
  /** When it happened (ms since the epoch). @default now */
  readonly time?: number;
  readonly tags?: MetricTags;
}

/** The state that a service check reports. */
export type ServiceCheckStatus = "ok" | "warning" | "critical" | "unknown";

/** Details of a service check (https://docs.datadoghq.com/developers/service_checks/dogstatsd_service_checks_submission/). */
export interface ServiceCheckOptions {
  readonly message?: string;
  readonly hostname?: string;
  /** When it was found (ms since the epoch). @default now */
  readonly time?: number;
  readonly tags?: MetricTags;
}
