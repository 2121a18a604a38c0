import { BufferOverflowError, FlushTimeoutError, type Foundation } from "@llmdevops/dd-core";
import { callsOf, DatagramSender } from "./datagram-sender.ts";
import { deliverAtExit } from "./exit-participant.ts";
import { type Line, LineBuffer } from "./line-buffer.ts";
import type { GatheredValues, LineOutlet, OutletCounts } from "./line-outlet.ts";
import type { LostCalls } from "./lost-calls.ts";
import { reportSocketError, type StatsDTransport } from "./statsd-transport.ts";
import { withinTimeLimit } from "./time-limit.ts";

/** What a {@link DatagramOutlet} is given. */
export interface DatagramOutletOptions {
  readonly foundation: Pick<Foundation, "configuration" | "diagnostics">;
  readonly transport: StatsDTransport;
  /** Longest datagram (bytes). */
  readonly maximumBytes: number;
  readonly maximumLines: number;
  readonly flushIntervalMs: number;
}

/** So many lines are sent without waiting for the flush interval. */
const impatientLines = 128;
/** So many lines are written ahead of sending: what is gathered takes no room while it waits, and is not dropped. */
const linesAhead = 64;

const longestSocketCloseMs = 1_000;

/** Buffers lines and sends them as datagrams: at the flush interval, on demand, and when the process ends. */
export class DatagramOutlet implements LineOutlet {
  readonly #options: DatagramOutletOptions;
  readonly #gathered: GatheredValues;
  readonly #lost: LostCalls;
  readonly #buffer: LineBuffer;
  readonly #sender: DatagramSender;
  readonly #timer: NodeJS.Timeout;
  readonly #forgetExit: () => void;
  #sent = 0;
  #datagrams = 0;
  #hasReportedOverflow = false;
  #sendsSoon = false;

  constructor(options: DatagramOutletOptions, gathered: GatheredValues, lost: LostCalls) {
    const { foundation, transport, maximumBytes, maximumLines, flushIntervalMs } = options;
    this.#options = options;
    this.#gathered = gathered;
    this.#lost = lost;
    this.#buffer = new LineBuffer(maximumLines, ({ calls }) => this.#dropOldest(calls));
    this.#sender = new DatagramSender({
      buffer: this.#buffer,
      transport,
      maximumBytes,
      refill: () => this.#refill(),
      onSent: (calls) => {
        this.#sent += calls;
        this.#datagrams += 1;
      },
      onUnconfirmed: (calls) => lost.add("metric_delivery_unconfirmed", calls),
      onError: (error) => reportSocketError(foundation.diagnostics, error),
    });
    this.#timer = setInterval(() => {
      this.#seal();
      this.#sender.start();
    }, flushIntervalMs);
    this.#timer.unref();
    const { flushOnExit, exitTimeoutMs } = foundation.configuration.link;
    this.#forgetExit = flushOnExit ? this.#deliverAtExit(exitTimeoutMs) : () => {};
  }

  get counts(): OutletCounts {
    return {
      sent: this.#sent,
      buffered: this.#buffer.calls + this.#sender.callsInFlight,
      datagrams: this.#datagrams,
    };
  }

  push(line: Line): void {
    this.#buffer.push(line);
    if (this.#buffer.length < impatientLines || this.#sendsSoon) return;
    this.#sendsSoon = true;
    setImmediate(() => {
      this.#sendsSoon = false;
      this.#sender.start();
    }).unref();
  }

  flush(): Promise<void> {
    const { flushTimeoutMs } = this.#options.foundation.configuration;
    return this.#flush("flush", flushTimeoutMs);
  }

  async close(timeoutMs: number): Promise<void> {
    const end = performance.now() + timeoutMs;
    clearInterval(this.#timer);
    await this.#flush("close", timeoutMs);
    this.#forgetExit();
    const calls = this.#sender.takeAll().reduce((sum, datagram) => sum + callsOf(datagram), 0);
    if (calls > 0) this.#lost.add("metric_undelivered_at_close", calls);
    const rest = Math.min(longestSocketCloseMs, Math.max(0, end - performance.now()));
    await withinTimeLimit(rest, (done) => this.#options.transport.close(done));
  }

  async #flush(operation: string, timeoutMs: number): Promise<void> {
    const { diagnostics } = this.#options.foundation;
    const { timedOut } = await withinTimeLimit(timeoutMs, (done) => {
      this.#seal();
      void this.#sender.flush().then(() => done());
    });
    if (!timedOut) return;
    diagnostics.fault(
      "metrics_flush_timed_out",
      new FlushTimeoutError(
        `The ${operation} of metrics did not end within ${Math.round(timeoutMs)} ms.`,
      ),
    );
  }

  #seal(): void {
    this.#gathered.seal();
    this.#hasReportedOverflow = false;
  }

  #refill(): void {
    // What is on its way needs its place when it comes back.
    const room = this.#options.maximumLines - this.#sender.linesInFlight;
    const enough = Math.min(linesAhead, room);
    while (this.#buffer.length < enough && this.#gathered.writeNext());
  }

  #dropOldest(calls: number): void {
    this.#lost.add("metric_buffer_overflow", calls);
    if (this.#hasReportedOverflow) return;
    this.#hasReportedOverflow = true;
    const { maximumLines, foundation } = this.#options;
    foundation.diagnostics.fault(
      "metric_buffer_overflow_episodes",
      new BufferOverflowError(
        `The buffer of ${maximumLines} lines of metrics is full; the oldest are dropped.`,
      ),
    );
  }

  #deliverAtExit(timeoutMs: number): () => void {
    return deliverAtExit({
      timeoutMs,
      transport: this.#options.transport,
      hasPending: () => this.#gathered.waiting + this.counts.buffered > 0,
      flush: () => this.flush(),
      takeAll: () => {
        this.#gathered.seal();
        return this.#sender.takeAll();
      },
      settle: (datagram, isHandedOver) => {
        const calls = callsOf(datagram);
        if (isHandedOver) this.#sent += calls;
        else this.#lost.add("metric_undelivered_at_exit", calls);
      },
    });
  }
}
