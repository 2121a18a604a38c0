import { AsyncLocalStorage } from "node:async_hooks";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { AgentUnreachableError } from "../errors/connection-error.ts";
import { ExportError } from "../errors/export-error.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { DeliveryFlush } from "./delivery-flush.ts";
import { HealthProbe, type LinkHealth } from "./health-probe.ts";
import { LinkAccounting, type LinkCounts } from "./link-counts.ts";
import type { LinkEnvironment, ResolvedLinkOptions } from "./link-options.ts";
import type { Payload, PayloadKind, QueuedPayload } from "./payload.ts";
import { PayloadBuffer } from "./payload-buffer.ts";
import { retryDelay } from "./retry-delay.ts";
import { isNobodyThere, type SendAttempt, type SendOutcome, sendPayload } from "./send-payload.ts";
import { Spool } from "./spool.ts";
import { SpoolQueue } from "./spool-queue.ts";

/** Requests at a time while the Agent answers; one while it fails. */
const concurrency = 4;
/** Upper bound of the pause between attempts while somebody waits for a flush (ms). */
const flushRetryCapMs = 1000;

const unreachable = "The Agent does not take telemetry; what fits the buffer waits for its return.";

interface InFlight {
  readonly payload: QueuedPayload;
  readonly attempt: SendAttempt;
}

/**
 * Delivers payloads to the Agent: buffered within limits, retried where they were certainly not taken, never
 * sent twice where they may have been, and counted whatever becomes of them.
 *
 * Nothing here throws, rejects, blocks or keeps the process alive, except for a flush that somebody waits for.
 */
export class AgentLink {
  readonly options: ResolvedLinkOptions;
  readonly accounting: LinkAccounting = new LinkAccounting();
  readonly #environment: LinkEnvironment;
  readonly #diagnostics: Diagnostics;
  readonly #now: () => number;
  readonly #breaker: CircuitBreaker;
  readonly #buffer: PayloadBuffer;
  readonly #spool: SpoolQueue | undefined;
  readonly #flush: DeliveryFlush;
  readonly #probe: HealthProbe;
  readonly #inFlight = new Set<InFlight>();
  /** The context of whoever finished a span must not live on in the link's timers and sockets. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #sequence = 0;
  #failures = 0;
  #nextAttemptAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    options: ResolvedLinkOptions,
    environment: LinkEnvironment,
    diagnostics: Diagnostics,
  ) {
    this.options = options;
    this.#environment = environment;
    this.#diagnostics = diagnostics;
    this.#now = environment.now ?? (() => performance.now());
    this.#breaker = new CircuitBreaker(options.breaker, this.#now, (state) => {
      diagnostics.count(`agent_breaker_${state.replace("-", "_")}`);
      if (state === "open") {
        diagnostics.fault("agent_unreachable", new AgentUnreachableError(unreachable));
      }
    });
    this.#buffer = new PayloadBuffer(options, (payload, items) =>
      this.#drop(payload.kind, "buffer_full", items),
    );
    this.#flush = new DeliveryFlush((active) => this.#setKeepAlive(active));
    this.#probe = new HealthProbe(options, environment, this.#now, () => this.#isIdleOrFailing());
    if (options.spoolDirectory !== undefined) {
      const spool = new Spool(options.spoolDirectory, options, diagnostics, this.accounting);
      this.#spool = new SpoolQueue(spool, environment.urlFor, {
        onRefused: (payload) => this.#buffer.add(payload),
        onTaken: ({ payload, file }) => {
          this.#sequence += 1;
          this.#buffer.add({ ...payload, sequence: this.#sequence, spoolFile: file });
        },
        onChange: () => this.#changed(),
      });
    }
  }

  /** Takes over a payload and begins to deliver it. */
  submit(payload: Payload): void {
    if (payload.items === 0) return;
    this.accounting.accepted += payload.items;
    this.#sequence += 1;
    this.#buffer.add({ ...payload, sequence: this.#sequence });
    this.#probe.watch(payload.route);
    if (!this.#ended) {
      if (this.#failures > 0 && this.#spool !== undefined) this.#spoolWaiting(this.#spool);
      this.#outside(() => this.#pump());
    }
    this.#buffer.trim();
  }

  /** Counts items that never became a payload. */
  refuse(items: number, reason: string): void {
    this.accounting.accepted += items;
    this.#drop("traces", reason, items);
  }

  /** Delivers what an earlier process left in the spool directory, as soon as the Agent takes it. */
  recover(): void {
    this.#outside(() => this.#pump());
  }

  counts(): LinkCounts {
    let items = this.#buffer.items;
    let bytes = this.#buffer.bytes;
    const onTheWay = [...this.#inFlight].map(({ payload }) => payload);
    for (const payload of [...onTheWay, ...(this.#spool?.storing ?? [])]) {
      if (payload.spoolFile !== undefined) continue;
      items += payload.items;
      bytes += payload.body.length;
    }
    return this.accounting.counts(items, bytes);
  }

  health(): LinkHealth {
    return { breaker: this.#breaker.state, ...this.#probe.report() };
  }

  /**
   * Waits until everything handed over so far is settled; attempts are made without regard to the breaker.
   *
   * @param isPatient Whether to keep trying where nobody listens at the Agent's address. @default true
   * @returns Whether all of it is settled; `false` when it gave up before.
   */
  flush(timeoutMs: number, isPatient = true): Promise<boolean> {
    this.#nextAttemptAt = 0;
    const oldest = () => this.#oldestPending();
    const done = this.#flush.wait(this.#sequence, timeoutMs, oldest, isPatient);
    this.#outside(() => this.#pump());
    return done;
  }

  /** Whether the disk is the better place for what is left: the Agent is known to be gone, and there is a spool. */
  get prefersSpool(): boolean {
    return this.#spool !== undefined && this.#breaker.state !== "closed";
  }

  /** The API key for a payload, where it needs one. */
  apiKeyFor({ route }: Payload): string | undefined {
    return route.agentless ? this.#environment.apiKey() : undefined;
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
    for (const { payload, attempt } of this.#inFlight) {
      if (attempt.handedOver()) this.#settle(payload, { state: "unconfirmed", reason: "exit" });
      else left.push(payload);
      attempt.abort();
    }
    this.#inFlight.clear();
    left.push(...(this.#spool?.end() ?? []));
    for (let payload = this.#buffer.shift(); payload; payload = this.#buffer.shift()) {
      left.push(payload);
    }
    return left.toSorted((one, other) => one.sequence - other.sequence);
  }

  /** Notes how a payload fared that {@link end} has handed out; what was not taken is spooled, or lost. */
  settleAtExit(payload: QueuedPayload, outcome: SendOutcome): void {
    const isKept = outcome.state === "failed" && this.#spool?.keepAtExit(payload) === true;
    if (isKept) return;
    if (outcome.state === "failed") this.#drop(payload.kind, "exit", payload.items);
    else {
      this.#spool?.forgetAtExit(payload);
      this.#settle(payload, outcome);
    }
  }

  #pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (!this.#ended && this.#buffer.length > 0) {
      if (this.#inFlight.size >= (this.#failures > 0 ? 1 : concurrency)) return;
      const waitMs = this.#waitMs();
      if (waitMs > 0) {
        this.#wake(waitMs);
        return;
      }
      const payload = this.#buffer.shift();
      if (payload !== undefined) this.#send(payload);
    }
    this.#takeSpooled();
  }

  /** How long to wait before the next attempt (ms). */
  #waitMs(): number {
    const pause = this.#nextAttemptAt - this.#now();
    return this.#flush.active ? pause : Math.max(pause, this.#breaker.waitMs());
  }

  #wake(waitMs: number): void {
    // While a probe is under way its outcome wakes the link.
    if (!Number.isFinite(waitMs)) return;
    this.#timer = setTimeout(() => this.#pump(), Math.ceil(waitMs));
    if (!this.#flush.active) this.#timer.unref();
  }

  #send(payload: QueuedPayload): void {
    const { options } = this;
    const { proxyAgent, untraced = (fn) => fn() } = this.#environment;
    this.#breaker.attemptStarted();
    this.accounting.attempts += 1;
    const startedAt = this.#now();
    const attempt = untraced(() =>
      sendPayload(payload, {
        connectTimeoutMs: options.connectTimeoutMs,
        responseTimeoutMs: options.responseTimeoutMs,
        apiKey: this.apiKeyFor(payload),
        proxyAgent: payload.route.agentless ? proxyAgent?.(payload.route.url) : undefined,
      }),
    );
    if (this.#flush.active) attempt.keepAlive(true);
    const entry = { payload, attempt };
    this.#inFlight.add(entry);
    void attempt.outcome.then((outcome) => {
      if (!this.#inFlight.delete(entry)) return;
      if (outcome.state === "delivered") this.accounting.lastLatencyMs = this.#now() - startedAt;
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

  /** Takes from the outcome when the next attempt may be made. */
  #learn(outcome: SendOutcome): void {
    if (outcome.state === "delivered" || outcome.state === "refused") {
      this.#failures = 0;
      this.#breaker.succeeded();
      if (outcome.state === "delivered") this.#probe.note(true);
      return;
    }
    this.#failures += 1;
    this.accounting.failure(outcome.reason);
    this.#breaker.failed();
    if (this.#failures === 1) this.#probe.note(false);
    const { baseMs, capMs } = this.options.backoff;
    const limits = { baseMs, capMs: this.#flush.active ? Math.min(capMs, flushRetryCapMs) : capMs };
    const pause = retryDelay(this.#failures, limits, (this.#environment.random ?? Math.random)());
    const asked = outcome.state === "failed" ? (outcome.retryAfterMs ?? 0) : 0;
    this.#nextAttemptAt = this.#now() + Math.max(pause, asked);
  }

  #settle(payload: QueuedPayload, outcome: SendOutcome): void {
    if (outcome.state === "failed") {
      this.#keep(payload);
      return;
    }
    const file = payload.spoolFile;
    if (file !== undefined) this.#spool?.settle(file, "sent");
    const isForeign = file !== undefined && this.#spool?.isOwn(file) !== true;
    if (outcome.state === "refused") this.#drop(payload.kind, outcome.reason, payload.items);
    else if (isForeign) this.accounting.recovered += payload.items;
    else if (outcome.state === "unconfirmed") this.accounting.unconfirmed += payload.items;
    else this.accounting.delivered += payload.items;
    if (outcome.state === "delivered") payload.onAccepted?.(outcome.answer);
  }

  /** Keeps what was not taken: on disk where there is a spool, else in memory. */
  #keep(payload: QueuedPayload): void {
    if (payload.spoolFile !== undefined) {
      this.#spool?.settle(payload.spoolFile, "again");
      return;
    }
    this.#buffer.add(payload);
    if (this.#spool !== undefined) this.#spoolWaiting(this.#spool);
    this.#buffer.trim();
  }

  #spoolWaiting(spool: SpoolQueue): void {
    for (let payload = this.#buffer.shift(); payload; payload = this.#buffer.shift()) {
      if (payload.spoolFile === undefined) spool.store(payload);
      else spool.settle(payload.spoolFile, "again");
    }
  }

  /** With nothing left in memory, goes on with what is on disk. */
  #takeSpooled(): void {
    if (this.#ended || this.#inFlight.size > 0 || this.#spool?.mayTake !== true) return;
    const waitMs = this.#waitMs();
    if (waitMs > 0) this.#wake(waitMs);
    else this.#spool.take();
  }

  #drop(kind: PayloadKind, reason: string, items: number): void {
    this.accounting.drop(reason, items);
    this.#diagnostics.fault(
      `link_dropped_${reason}`,
      new ExportError(`${items} items of ${kind} could not be kept or delivered: ${reason}.`),
    );
  }

  #setKeepAlive(keep: boolean): void {
    for (const { attempt } of this.#inFlight) attempt.keepAlive(keep);
    this.#timer?.[keep ? "ref" : "unref"]();
  }

  #oldestPending(): number {
    let oldest = this.#buffer.oldest();
    for (const { payload } of this.#inFlight) oldest = Math.min(oldest, payload.sequence);
    return Math.min(oldest, this.#spool?.oldest() ?? oldest);
  }

  #isIdleOrFailing(): boolean {
    return this.#failures > 0 || (this.#buffer.length === 0 && this.#inFlight.size === 0);
  }
}
