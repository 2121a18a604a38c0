import type { Tags } from "./tag-entries.ts";

/** Details of an event (https://docs.datadoghq.com/events/guides/dogstatsd/). */
export interface EventOptions {
  /** The body, cut to 5,500 bytes. @default the title */
  readonly text?: string;
  /** How it is shown, and what monitors of events tell apart. @default "info" */
  readonly alertType?: "error" | "warning" | "info" | "success";
  /** How much it matters to those who read the events. @default "normal" */
  readonly priority?: "normal" | "low";
  /** Groups events that belong together. */
  readonly aggregationKey?: string;
  /** Where it comes from, by a name that Datadog knows (https://docs.datadoghq.com/integrations/faq/list-of-api-source-attribute-value/). */
  readonly sourceType?: string;
  /** Name of the host that it is about. @default the Agent's host */
  readonly hostname?: string;
  /** When it happened (ms since the epoch). @default now */
  readonly time?: number;
  /** Tags of this event, added to the client's own. */
  readonly tags?: Tags;
}
