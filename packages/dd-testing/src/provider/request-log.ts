import type { OpenRecord, RecordedProviderRequest } from "./recorded-request.ts";
import { type ProviderUsageTotal, UsageTotals } from "./usage-totals.ts";

function addTo(totals: UsageTotals, record: OpenRecord): void {
  if (record.usageSent === null) return;
  totals.add(record.provider, record.responseModel ?? record.model, record.usageSent);
}

/**
 * Remembers the newest requests within a bound of number and bytes, and the usage of all of them.
 */
export class RequestLog {
  #records: { readonly record: OpenRecord; readonly bytes: number }[] = [];
  #bytes = 0;
  #open = new Set<OpenRecord>();
  #totals = new UsageTotals();
  #dropped = 0;
  readonly #maxRequests: number;
  readonly #maxBytes: number;

  constructor(maxRequests: number, maxBytes: number) {
    this.#maxRequests = maxRequests;
    this.#maxBytes = maxBytes;
  }

  /** Records forgotten because the log was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Opens a record that takes so many bytes. */
  open(record: OpenRecord, bytes: number): void {
    this.#open.add(record);
    this.#records.push({ record, bytes });
    this.#bytes += bytes;
    while (this.#records.length > this.#maxRequests || this.#bytes > this.#maxBytes) {
      const oldest = this.#records.shift();
      this.#bytes -= oldest?.bytes ?? 0;
      this.#dropped += 1;
    }
  }

  /** Closes a record: nothing about it changes any more. */
  close(record: OpenRecord): void {
    if (this.#open.delete(record)) addTo(this.#totals, record);
  }

  /** Snapshots of the remembered requests, oldest first. */
  records(): RecordedProviderRequest[] {
    return this.#records.map(({ record }) => Object.freeze({ ...record }));
  }

  /** What clients were told, by provider and model; requests in progress are not in it. */
  totals(): ProviderUsageTotal[] {
    const totals = this.#totals.copy();
    // A client may ask between the last byte of its answer and the closing of the record.
    for (const record of this.#open) if (record.outcome !== "in_progress") addTo(totals, record);
    return totals.values();
  }

  /** Forgets everything; a request still in progress ends unrecorded. */
  clear(): void {
    this.#records = [];
    this.#bytes = 0;
    this.#open = new Set();
    this.#totals = new UsageTotals();
    this.#dropped = 0;
  }
}
