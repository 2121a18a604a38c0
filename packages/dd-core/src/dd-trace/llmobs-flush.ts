import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";

/** Paths of LLM Observability's intakes, through the Agent and direct. */
const intakePath = /\/api\/(v2\/llmobs|intake\/llm-obs)\b/;

/**
 * Waits for LLM Observability events to arrive. dd-trace's own `llmobs.flush()` only starts sending, so the
 * requests are followed on Node's `http.client.request.start` channel
 * (https://nodejs.org/api/diagnostics_channel.html#http).
 */
export class LLMObservabilityFlush {
  readonly #inFlight = new Set<ClientRequest>();
  readonly #waiting: (() => void)[] = [];
  #failures = 0;

  constructor() {
    subscribe("http.client.request.start", (message) => {
      const { request } = message as { request: ClientRequest };
      if (intakePath.test(request.path)) this.#follow(request);
    });
  }

  /**
   * Starts a flush and resolves when nothing is under way any more.
   *
   * @returns `false` when an intake refused or could not be reached meanwhile.
   */
  async run(start: () => void): Promise<boolean> {
    const failuresBefore = this.#failures;
    start();
    if (this.#inFlight.size > 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    return this.#failures === failuresBefore;
  }

  #follow(request: ClientRequest): void {
    this.#inFlight.add(request);
    let accepted = false;
    request.once("response", (response) => {
      accepted = (response.statusCode ?? 500) < 300;
    });
    request.once("close", () => {
      this.#inFlight.delete(request);
      if (!accepted) this.#failures += 1;
      if (this.#inFlight.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }
}
