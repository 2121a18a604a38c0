import type { LinkEnvironment, ResolvedLinkOptions } from "./link-options.ts";
import type { QueuedPayload } from "./payload.ts";
import { type SendAttempt, type SendOutcome, sendPayload } from "./send-payload.ts";

interface Attempt {
  readonly payload: QueuedPayload;
  readonly attempt: SendAttempt;
}

/** The payloads that are on the way to the receiver. */
export class InFlight {
  readonly #options: ResolvedLinkOptions;
  readonly #environment: LinkEnvironment;
  readonly #now: () => number;
  readonly #attempts = new Set<Attempt>();

  constructor(options: ResolvedLinkOptions, environment: LinkEnvironment, now: () => number) {
    this.#options = options;
    this.#environment = environment;
    this.#now = now;
  }

  get size(): number {
    return this.#attempts.size;
  }

  get payloads(): readonly QueuedPayload[] {
    return [...this.#attempts].map(({ payload }) => payload);
  }

  /** The API key for a payload, where it needs one. */
  apiKeyFor({ route }: Pick<QueuedPayload, "route">): string | undefined {
    return route.agentless ? this.#environment.apiKey() : undefined;
  }

  /**
   * Sends a payload.
   *
   * @param isWaitedFor Whether the attempt keeps the process alive.
   * @param onOutcome Told what became of it and how long it took (ms), unless {@link end} came before.
   */
  start(
    payload: QueuedPayload,
    isWaitedFor: boolean,
    onOutcome: (outcome: SendOutcome, durationMs: number) => void,
  ): void {
    const { connectTimeoutMs, responseTimeoutMs } = this.#options;
    const { proxyAgent, untraced = (fn) => fn() } = this.#environment;
    const { agentless, url } = payload.route;
    const startedAt = this.#now();
    const attempt = untraced(() =>
      sendPayload(payload, {
        connectTimeoutMs,
        responseTimeoutMs,
        apiKey: this.apiKeyFor(payload),
        proxyAgent: agentless ? proxyAgent?.(url) : undefined,
      }),
    );
    if (isWaitedFor) attempt.keepAlive(true);
    const entry = { payload, attempt };
    this.#attempts.add(entry);
    void attempt.outcome.then((outcome) => {
      if (this.#attempts.delete(entry)) onOutcome(outcome, this.#now() - startedAt);
    });
  }

  /** Sets whether the attempts under way keep the process alive. */
  keepAlive(keep: boolean): void {
    for (const { attempt } of this.#attempts) attempt.keepAlive(keep);
  }

  /** Breaks everything off. @returns The payloads, and whether each had been handed over completely. */
  end(): { readonly payload: QueuedPayload; readonly isHandedOver: boolean }[] {
    const ended = [...this.#attempts].map(({ payload, attempt }) => {
      const isHandedOver = attempt.handedOver();
      attempt.abort();
      return { payload, isHandedOver };
    });
    this.#attempts.clear();
    return ended;
  }
}
