import type { DeliveryHistory } from "./delivery-history.ts";
import type { SpoolEntry } from "./spool-file.ts";

/** What a payload carries. */
export type PayloadKind = "traces" | "llmobs" | "evaluations";

/** Where a payload goes, without any credential, so that it may be written to disk. */
export interface PayloadRoute {
  /** `http:`, `https:` or `unix:` address of the receiver. */
  readonly url: string;
  readonly path: string;
  readonly method: "PUT" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with the API key, straight to Datadog rather than to the Agent. */
  readonly agentless: boolean;
}

/** One encoded request body on its way to the Agent. */
export interface Payload {
  readonly kind: PayloadKind;
  /** How many spans, events or evaluations it carries. */
  readonly items: number;
  readonly body: Buffer;
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
