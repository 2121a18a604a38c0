import type { Tags } from "./tag-entries.ts";

/** The state that a service check reports. */
export type ServiceCheckStatus = "ok" | "warning" | "critical" | "unknown";

/** Details of a service check (https://docs.datadoghq.com/developers/service_checks/dogstatsd_service_checks_submission/). */
export interface ServiceCheckOptions {
  /** Why the state is what it is, cut to 500 bytes. */
  readonly message?: string;
  /** Name of the host that was checked. @default the Agent's host */
  readonly hostname?: string;
  /** When it was found (ms since the epoch). @default now */
  readonly time?: number;
  /** Tags of this check, added to the client's own. */
  readonly tags?: Tags;
}
