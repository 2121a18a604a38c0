import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { moduleAddress } from "../module-address.ts";
import { type ExitDatagram, type ExitRequest, type ExitTask, exitStates } from "./exit-protocol.ts";
import type { SendOutcome } from "./send-payload.ts";

/** Most datagrams and requests that one process may leave for its end. */
const mostDatagrams = 10_000;
const mostRequests = 1_000;

const sourceModule = new URL("./agent-link/exit-sender.ts", moduleAddress);
/** In a published package the sources lie elsewhere, and their output beside this module. */
const senderModule = moduleAddress.endsWith(".ts")
  ? sourceModule
  : new URL(sourceModule.href.replace(/ts$/, "js"));

/** What a process still has to send when it ends; see {@link onProcessExit}. */
export interface ExitDelivery {
  /**
   * Leaves a UDP datagram to be sent before the process is gone.
   *
   * @param datagram.host A host name or address. @param datagram.port 1 to 65535.
   * @returns `false` when there are too many already.
   */
  datagram(datagram: ExitDatagram): boolean;
  /**
   * Leaves a request to be made before the process is gone.
   *
   * @param settle Told how it went, before the process ends.
   */
  request(request: ExitRequest, settle: (outcome: SendOutcome) => void): void;
}

/** Sends what was left, in a thread of its own, while the thread that ends waits. */
export class BlockingDelivery implements ExitDelivery {
  readonly #requests: {
    readonly request: ExitRequest;
    readonly settle: (outcome: SendOutcome) => void;
  }[] = [];
  readonly #datagrams: ExitDatagram[] = [];

  datagram(datagram: ExitDatagram): boolean {
    if (this.#datagrams.length >= mostDatagrams) return false;
    this.#datagrams.push(datagram);
    return true;
  }

  request(request: ExitRequest, settle: (outcome: SendOutcome) => void): void {
    if (this.#requests.length < mostRequests) this.#requests.push({ request, settle });
    else settle({ state: "failed", reason: "exit_overload" });
  }

  /** Sends everything and waits for it, at most so long. */
  deliver(timeoutMs: number): void {
    if (this.#requests.length === 0 && this.#datagrams.length === 0) return;
    const states = new Int32Array(new SharedArrayBuffer(4 * (this.#requests.length + 1)));
    try {
      this.#run(states, timeoutMs);
    } catch {
      // Threads may be forbidden or exhausted; then nothing has been sent.
    }
    for (const [index, { settle }] of this.#requests.entries()) {
      settle(outcomeOf(Atomics.load(states, index + 1)));
    }
  }

  #run(states: Int32Array<SharedArrayBuffer>, timeoutMs: number): void {
    const task: ExitTask = {
      requests: this.#requests.map(({ request }) => request),
      datagrams: this.#datagrams,
      timeoutMs,
      states: states.buffer,
    };
    // A bundle that has left the thread's module behind cannot send; waiting for it would be in vain.
    if (!existsSync(senderModule)) return;
    const sender = new Worker(senderModule, {
      workerData: task,
      // The host's preloads and variables have no business in this thread, nor its output in the host's.
      execArgv: [],
      env: {},
      stdout: true,
      stderr: true,
    });
    sender.on("error", () => {});
    Atomics.wait(states, 0, 0, timeoutMs);
    sender.unref();
  }
}

function outcomeOf(state: number): SendOutcome {
  if (state === exitStates.delivered) return { state: "delivered", answer: "" };
  if (state === exitStates.refused) return { state: "refused", reason: "refused_at_exit" };
  if (state === exitStates.unconfirmed) return { state: "unconfirmed", reason: "exit" };
  return { state: "failed", reason: "exit" };
}
