import { AsyncLocalStorage } from "node:async_hooks";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { AttemptPacing } from "./attempt-pacing.ts";
import { DeliveryFlush } from "./delivery-flush.ts";
import { afterFailure, untried } from "./delivery-history.ts";
import { describeAttempt } from "./describe-attempt.ts";
import { DropReports } from "./drop-reports.ts";
import { HealthProbe, type LinkHealth } from "./health-probe.ts";
import { InFlight } from "./in-flight.ts";
import { LinkAccounting, type LinkCounts } from "./link-counts.ts";
import type { LinkEnvironment, ResolvedLinkOptions } from "./link-options.ts";
import type { Payload, PayloadKind, QueuedPayload } from "./payload.ts";
import { PayloadBuffer } from "./payload-buffer.ts";
import { isNobodyThere, type SendOutcome } from "./send-payload.ts";
import { Spool } from "./spool.ts";
import { SpoolQueue } from "./spool-queue.ts";

/**
 * Delivers payloads to the Agent: buffered within limits, retried where they were certainly not taken, never
 * sent twice where they may have been, and counted whatever becomes of them.
 *
 * Nothing here throws, rejects, blocks or keeps the process alive, except for a flush that somebody waits for.
 */
export class AgentLink {
  readonly options: ResolvedLinkOptions;
  readonly accounting: LinkAccounting = new LinkAccounting();
  readonly #diagnostics: Diagnostics;
  readonly #now: () => number;
  readonly #pacing: AttemptPacing;
  readonly #buffer: PayloadBuffer;
  readonly #spool: SpoolQueue | undefined;
  readonly #flush: DeliveryFlush;
  readonly #probe: HealthProbe;
  readonly #inFlight: InFlight;
  readonly #drops: DropReports;
  /** The context of whoever finished a span must not live on in the link's timers and sockets. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #sequence = 0;
  #deliveredAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    options: ResolvedLinkOptions,
    environment: LinkEnvironment,
    diagnostics: Diagnostics,
  ) {
    this.options = options;
    this.#diagnostics = diagnostics;
    this.#now = environment.now ?? (() => performance.now());
    const random = environment.random ?? Math.random;
    this.#drops = new DropReports(this.#now);
    this.#pacing = new AttemptPacing(options, this.#now, random, diagnostics);
    this.#buffer = new PayloadBuffer(options, (payload, items) =>
      this.#drop(payload.kind, "buffer_full", items),
    );
    this.#inFlight = new InFlight(options, environment, this.#now);
    this.#flush = new DeliveryFlush((active) => this.#setKeepAlive(active));
    this.#probe = new HealthProbe(options, environment, this.#now, () => this.#isIdleOrFailing());
    if (options.spoolDirectory !== undefined) {
      const spool = new Spool(options.spoolDirectory, options, diagnostics, this.accounting);
      this.#spool = new SpoolQueue(spool, environment.urlFor, {
        onRefused: (payload) => this.#buffer.add(payload),
        onTaken: ({ payload, file, history }) => {
          this.#sequence += 1;
          this.#buffer.add({ ...payload, sequence: this.#sequence, history, spoolFile: file });
        },
        onChange: () => this.#changed(),
      });
    }
  }

  /** Takes over a payload and begins to deliver it. */
  submit(payload: Payload): void {
    if (payload.items === 0) return;
    this.accounting.accept(payload.items, payload.kind);
    this.#sequence += 1;
    this.#buffer.add({ ...payload, sequence: this.#sequence, history: untried });
    this.#probe.watch(payload.route);
    // At the end of the process everything is handed out at once, so nothing has to make room.
    if (this.#ended) return;
    if (this.#pacing.isFailing && this.#spool !== undefined) this.#spoolWaiting(this.#spool);
    this.#outside(() => this.#pump());
    this.#buffer.trim();
  }

  /** Counts items that never became a payload. */
  refuse(kind: PayloadKind, items: number, reason: string): void {
    this.accounting.accept(items, kind);
    this.#drop(kind, reason, items);
  }

  /** Delivers what an earlier process left in the spool directory, as soon as the Agent takes it. */
  recover(): void {
    this.#outside(() => this.#pump());
  }

  counts(): LinkCounts {
    let items = this.#buffer.items;
    let bytes = this.#buffer.bytes;
    for (const payload of [...this.#inFlight.payloads, ...(this.#spool?.storing ?? [])]) {
      if (payload.spoolFile !== undefined) continue;
      items += payload.items;
      bytes += payload.body.length;
    }
    return this.accounting.counts(items, bytes);
  }

  health(): LinkHealth {
    return { breaker: this.#pacing.breakerState, ...this.#probe.report() };
  }

  /**
   * Waits until everything handed over so far is settled; attempts are made without regard to the breaker.
   *
   * @param isPatient Whether to keep trying where nobody listens at the Agent's address. @default true
   * @returns Whether all of it is settled; `false` when it gave up before.
   */
  flush(timeoutMs: number, isPatient = true): Promise<boolean> {
    this.#pacing.hurry(timeoutMs);
    const oldest = () => this.#oldestPending();
    const done = this.#flush.wait(this.#sequence, timeoutMs, oldest, isPatient);
    this.#outside(() => this.#pump());
    return done;
  }

  /** Whether the disk is the better place for what is left: the Agent is known to be gone, and there is a spool. */
  get prefersSpool(): boolean {
    return this.#spool !== undefined && this.#pacing.breakerState !== "closed";
  }

  /** The API key for a payload, where it needs one. */
  apiKeyFor(payload: Payload): string | undefined {
    return this.#inFlight.apiKeyFor(payload);
  }

  /** Makes no more attempts; what is submitted from now on only waits for {@link end}. */
  stop(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#probe.stop();
  }

  /**
   * Hands out what has not been handed over to the Agent completely. Called at the end of the process.
   */
  end(): QueuedPayload[] {
    this.stop();
    const left: QueuedPayload[] = [];
    for (const { payload, isHandedOver } of this.#inFlight.end()) {
      if (isHandedOver) this.#settle(payload, { state: "unconfirmed", reason: "exit" });
      else left.push(payload);
    }
    left.push(...(this.#spool?.end() ?? []), ...this.#buffer.takeAll());
    return left.toSorted((one, other) => one.sequence - other.sequence);
  }

  /** Notes how a payload fared that {@link end} has handed out; what was not taken is spooled, or lost. */
  settleAtExit(payload: QueuedPayload, outcome: SendOutcome): void {
    if (outcome.state !== "failed") {
      this.#spool?.forgetAtExit(payload);
      this.#settle(payload, outcome);
    } else if (this.#spool?.keepAtExit(payload) !== true) {
      this.#drop(payload.kind, "exit", payload.items);
    }
  }

  #pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (!this.#ended && this.#buffer.length > 0) {
      if (this.#inFlight.size >= this.#pacing.concurrency) return;
      const waitMs = this.#pacing.waitMs(this.#flush.active);
      if (waitMs > 0) {
        this.#wake(waitMs);
        return;
      }
      const payload = this.#buffer.next();
      if (payload !== undefined) this.#send(payload);
    }
    this.#takeSpooled();
  }

  #wake(waitMs: number): void {
    // While a probe is under way its outcome wakes the link.
    if (!Number.isFinite(waitMs)) return;
    this.#timer = setTimeout(() => this.#pump(), Math.ceil(waitMs));
    if (!this.#flush.active) this.#timer.unref();
  }

  #send(payload: QueuedPayload): void {
    this.#pacing.attemptStarted();
    this.accounting.attempts += 1;
    this.#inFlight.start(payload, this.#flush.active, (outcome, durationMs) => {
      this.#diagnostics.trace(() => describeAttempt(payload, outcome, durationMs));
      if (outcome.state === "delivered") this.accounting.lastLatencyMs = durationMs;
      this.#learn(outcome);
      this.#settle(payload, outcome);
      if (isNobodyThere(outcome)) this.#flush.agentAbsent();
      this.#changed();
    });
  }

  #changed(): void {
    this.#flush.settled(this.#oldestPending());
    this.#pump();
  }

  #learn(outcome: SendOutcome): void {
    const wasFailing = this.#pacing.isFailing;
    this.#pacing.attemptEnded(outcome, this.#flush.active);
    if (outcome.state === "delivered") {
      this.#deliveredAt = this.#now();
      this.#probe.note(true);
    } else if (outcome.state !== "refused") {
      this.accounting.failure(outcome.reason);
      if (!wasFailing) this.#probe.note(false);
    }
  }

  #settle(payload: QueuedPayload, outcome: SendOutcome): void {
    if (outcome.state === "failed") {
      this.#keep(payload, outcome.reason);
      return;
    }
    const file = payload.spoolFile;
    if (file !== undefined) this.#spool?.settle(file, "sent");
    const isForeign = file !== undefined && this.#spool?.isOwn(file) !== true;
    if (outcome.state !== "refused") {
      this.accounting.sent(payload.items, payload.kind, outcome.state, isForeign);
    } else if (isForeign) this.#diagnostics.count("spooled_payload_refused");
    else this.#drop(payload.kind, outcome.reason, payload.items);
    if (outcome.state === "delivered") payload.onAccepted?.(outcome.answer);
  }

  /** Keeps what was not taken: on disk where there is a spool, else in memory. */
  #keep(payload: QueuedPayload, reason: string): void {
    const history = afterFailure(payload.history, this.#deliveredAt, this.#now());
    if (history === undefined) {
      this.#settle(payload, { state: "refused", reason: `given_up_${reason}` });
      return;
    }
    if (payload.spoolFile !== undefined) {
      this.#spool?.settle(payload.spoolFile, "again", history);
      return;
    }
    this.#buffer.add({ ...payload, history });
    if (this.#spool !== undefined) this.#spoolWaiting(this.#spool);
    this.#buffer.trim();
  }

  #spoolWaiting(spool: SpoolQueue): void {
    for (const payload of this.#buffer.takeAll()) {
      if (payload.spoolFile === undefined) spool.store(payload);
      else spool.settle(payload.spoolFile, "again", payload.history);
    }
  }

  /** With nothing left in memory, goes on with what is on disk. */
  #takeSpooled(): void {
    if (this.#ended || this.#inFlight.size > 0 || this.#spool?.mayTake !== true) return;
    const waitMs = this.#pacing.waitMs(this.#flush.active);
    if (waitMs > 0) this.#wake(waitMs);
    else this.#spool.take();
  }

  #drop(kind: PayloadKind, reason: string, items: number): void {
    this.accounting.drop(reason, items, kind);
    const error = this.#drops.note(kind, reason, items);
    if (error === undefined) this.#diagnostics.count(`link_dropped_${reason}`);
    else this.#diagnostics.fault(`link_dropped_${reason}`, error);
  }

  #setKeepAlive(keep: boolean): void {
    this.#inFlight.keepAlive(keep);
    this.#timer?.[keep ? "ref" : "unref"]();
  }

  #oldestPending(): number {
    let oldest = this.#buffer.oldest();
    for (const { sequence } of this.#inFlight.payloads) oldest = Math.min(oldest, sequence);
    return Math.min(oldest, this.#spool?.oldest() ?? oldest);
  }

  #isIdleOrFailing(): boolean {
    return this.#pacing.isFailing || (this.#buffer.length === 0 && this.#inFlight.size === 0);
  }
}
