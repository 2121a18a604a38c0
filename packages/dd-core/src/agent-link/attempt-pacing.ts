import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { AgentUnreachableError } from "../errors/connection-error.ts";
import { type BreakerState, CircuitBreaker } from "./circuit-breaker.ts";
import type { ResolvedLinkOptions } from "./link-options.ts";
import { retryDelay } from "./retry-delay.ts";
import type { SendOutcome } from "./send-payload.ts";

/** Requests at a time while the receiver answers; one while it fails. */
const concurrency = 4;
/** Upper bound of the pause between attempts while somebody waits for a flush (ms). */
const urgentCapMs = 1000;

/** Decides when the next attempt may be made: backoff, what the receiver asks for, and the breaker. */
export class AttemptPacing {
  readonly #options: ResolvedLinkOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #breaker: CircuitBreaker;
  #failures = 0;
  #lastReason = "";
  #nextAttemptAt = 0;
  #askedUntil = 0;

  constructor(
    options: ResolvedLinkOptions,
    now: () => number,
    random: () => number,
    diagnostics: Diagnostics,
  ) {
    this.#options = options;
    this.#now = now;
    this.#random = random;
    this.#breaker = new CircuitBreaker(options.breaker, now, (state, before) => {
      diagnostics.count(`agent_breaker_${state.replace("-", "_")}`);
      // Told once for each outage: a probe that fails, of which a flush makes many, is no news.
      if (state === "open" && before === "closed") {
        const message = `Telemetry is not taken (${this.#lastReason}); what fits the buffer waits for the Agent's return.`;
        diagnostics.fault("agent_unreachable", new AgentUnreachableError(message));
      }
    });
  }

  get breakerState(): BreakerState {
    return this.#breaker.state;
  }

  /** Whether the last attempt has failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** How many attempts may be under way. */
  get concurrency(): number {
    return this.isFailing ? 1 : concurrency;
  }

  /** Milliseconds until the next attempt. @param isUrgent Whether the breaker is passed over. */
  waitMs(isUrgent: boolean): number {
    const pause = this.#nextAttemptAt - this.#now();
    return isUrgent ? pause : Math.max(pause, this.#breaker.waitMs());
  }

  /**
   * Lets the next attempt be made at once, or when the receiver has asked for it.
   *
   * @param withinMs What is asked for is only waited for when it is over by then.
   */
  hurry(withinMs: number): void {
    this.#nextAttemptAt = this.#askedUntil - this.#now() < withinMs ? this.#askedUntil : 0;
  }

  attemptStarted(): void {
    this.#breaker.attemptStarted();
  }

  /** Takes from an outcome when the next attempt may be made. */
  attemptEnded(outcome: SendOutcome, isUrgent: boolean): void {
    if (outcome.state === "delivered" || outcome.state === "refused") {
      this.#failures = 0;
      this.#breaker.succeeded();
      return;
    }
    this.#failures += 1;
    this.#lastReason = outcome.reason;
    this.#breaker.failed();
    const { baseMs, capMs } = this.#options.backoff;
    const limits = { baseMs, capMs: isUrgent ? Math.min(capMs, urgentCapMs) : capMs };
    const pause = retryDelay(this.#failures, limits, this.#random());
    const asked = outcome.state === "failed" ? (outcome.retryAfterMs ?? 0) : 0;
    this.#askedUntil = this.#now() + asked;
    this.#nextAttemptAt = Math.max(this.#now() + pause, this.#askedUntil);
  }
}
