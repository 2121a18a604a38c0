import type { DeliveryHistory } from "./delivery-history.ts";
import type { SpoolEntry } from "./spool-file.ts";

/** What a payload carries. */
export type PayloadKind = "traces" | "llmobs" | "evaluations";

/** Where a payload goes, without any credential, so that it may be written to disk. */
export interface PayloadRoute {
  /** `http:`, `https:` or `unix:` address of the receiver. */
  readonly url: string;
  /** Path at that address, such as `/v0.4/traces`. */
  readonly path: string;
  /** HTTP method that the receiver expects. */
  readonly method: "PUT" | "POST";
  /** Headers by name, without any credential. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with the API key, straight to Datadog rather than to the Agent. */
  readonly agentless: boolean;
}

/** One encoded request body on its way to the Agent. */
export interface Payload {
  /** What it carries, which decides how it is counted. */
  readonly kind: PayloadKind;
  /** How many spans, events or evaluations it carries. */
  readonly items: number;
  /** The encoded body, sent as it is. */
  readonly body: Buffer;
  /** Where it goes. */
  readonly route: PayloadRoute;
  /** Called with the body of the answer that accepted it. */
  readonly onAccepted?: (answer: string) => void;
}

/** A payload in the order it was handed over, and what has happened to it. */
export interface QueuedPayload extends Payload {
  readonly sequence: number;
  readonly history: DeliveryHistory;
  /** The file that it came from. */
  readonly spoolFile?: SpoolEntry;
}
