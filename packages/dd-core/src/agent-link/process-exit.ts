import { isMainThread } from "node:worker_threads";
import { BlockingDelivery, type ExitDelivery } from "./exit-delivery.ts";

/** Something that holds telemetry in memory and wants it out before the process is gone. */
export interface ExitParticipant {
  /** How long it may hold up the end of the process (ms). */
  readonly timeoutMs: number;
  /** Whether there is anything to deliver. */
  hasPending(): boolean;
  /** Delivers at the natural end, when the process still waits for what is asynchronous; must not reject. */
  flush(): Promise<unknown>;
  /** Hands over what is left when nothing asynchronous runs any more; must not throw or wait. */
  handOver(delivery: ExitDelivery): void;
}

const signals = ["SIGTERM", "SIGINT"] as const;
/** One per process, also where several copies of this package are loaded. */
const registryKey = Symbol.for("@llmdevops/dd-core/1/process-exit");
/** How often a natural end is put off; what is left then is delivered by blocking. */
const mostNaturalFlushes = 2;

class ExitRegistry {
  readonly #participants = new Set<ExitParticipant>();
  #naturalFlushes = 0;
  #isFlushing = false;
  #hasEnded = false;

  add(participant: ExitParticipant): void {
    if (this.#participants.size === 0) this.#listen();
    this.#participants.add(participant);
  }

  remove(participant: ExitParticipant): void {
    if (this.#participants.delete(participant) && this.#participants.size === 0) this.#unlisten();
  }

  readonly #onBeforeExit = (): void => {
    if (this.#isFlushing || this.#naturalFlushes >= mostNaturalFlushes) return;
    const pending = [...this.#participants].filter(hasPending);
    if (pending.length === 0) return;
    this.#naturalFlushes += 1;
    this.#isFlushing = true;
    void Promise.allSettled(pending.map(async (participant) => participant.flush())).then(() => {
      this.#isFlushing = false;
    });
  };

  /** Also runs for process.exit(), uncaught exceptions and unhandled rejections; the exit code is not touched. */
  readonly #onExit = (): void => {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const delivery = new BlockingDelivery();
    let timeoutMs = 0;
    for (const participant of this.#participants) {
      if (!hasPending(participant)) continue;
      try {
        participant.handOver(delivery);
        timeoutMs = Math.max(timeoutMs, participant.timeoutMs);
      } catch {
        // One participant's fault must not take the others' telemetry with it.
      }
    }
    delivery.deliver(timeoutMs);
  };

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    // Where the application has a handler, it decides what happens; exiting brings us to #onExit.
    if (process.listenerCount(signal) - 1 - signalExitListeners() > 0) return;
    this.#onExit();
    // Without our listener the signal does what it would have done: end the process with its own status.
    for (const name of signals) process.off(name, this.#onSignal);
    process.kill(process.pid, signal);
  };

  #listen(): void {
    process.on("beforeExit", this.#onBeforeExit);
    process.on("exit", this.#onExit);
    if (!isMainThread) return;
    // First, so that a handler that removes itself when it runs is still there to be counted.
    for (const name of signals) process.prependListener(name, this.#onSignal);
  }

  #unlisten(): void {
    process.off("beforeExit", this.#onBeforeExit);
    process.off("exit", this.#onExit);
    for (const name of signals) process.off(name, this.#onSignal);
  }
}

function hasPending(participant: ExitParticipant): boolean {
  try {
    return participant.hasPending();
  } catch {
    return false;
  }
}

/**
 * How many listeners belong to the package signal-exit, which many tools load: it does nothing of its own where it
 * sees other listeners, so each of us would wait for the other (https://github.com/tapjs/signal-exit).
 */
function signalExitListeners(): number {
  const emitters: unknown[] = [
    Reflect.get(process, "__signal_exit_emitter__"),
    Reflect.get(globalThis, Symbol.for("signal-exit emitter")),
  ];
  let total = 0;
  for (const emitter of emitters) {
    if (typeof emitter !== "object" || emitter === null) continue;
    const count: unknown = Reflect.get(emitter, "count");
    if (typeof count === "number") total += count;
  }
  return total;
}

/**
 * Registers something that has to be delivered before the process is gone: at its natural end, at
 * `process.exit()`, after an uncaught exception, and at SIGTERM and SIGINT where the application has no handler of
 * its own. The exit code and the application's handlers stay as they are.
 *
 * A package that sends datagrams hands its last ones over here, since a socket sends nothing after `exit`:
 * asynchronous work has ended by then.
 *
 * @returns Takes the registration back.
 * @example
 * ```ts
 * const forget = onProcessExit({
 *   timeoutMs: 1000,
 *   hasPending: () => lines.length > 0,
 *   flush: () => sendAll(),
 *   handOver: (delivery) => {
 *     delivery.datagram({ host: "127.0.0.1", port: 8125, message: lines.join("\n") });
 *   },
 * });
 * ```
 */
export function onProcessExit(participant: ExitParticipant): () => void {
  const shared: unknown = Reflect.get(globalThis, registryKey);
  const registry = shared instanceof Object ? (shared as ExitRegistry) : new ExitRegistry();
  if (shared !== registry) Reflect.set(globalThis, registryKey, registry);
  registry.add(participant);
  return () => registry.remove(participant);
}
