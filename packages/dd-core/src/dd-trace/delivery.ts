import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { safeRead } from "../guard/safe-read.ts";

/** Paths of the Agent's trace intake and of LLM Observability's, through the Agent and direct. */
const intakePath = /^\/v0\.[0-9]\/traces$|\/api\/(?:v2\/llmobs|intake\/llm-obs)\b/;

/** What became of one request to an intake. */
type Outcome = Promise<boolean>;

/**
 * Tells whether what dd-trace sends arrives.
 *
 * dd-trace reports a trace flush as done when the Agent refused it, and `llmobs.flush()` only starts sending, so the
 * requests themselves are followed on Node's `http.client.request.created` channel
 * (https://nodejs.org/api/diagnostics_channel.html#http), which fires before `http.request()` returns.
 */
export class Delivery {
  readonly #underWay = new Set<Outcome>();
  #lastFailed = false;

  constructor() {
    subscribe("http.client.request.created", (message) => {
      const request = safeRead(message, "request") as ClientRequest;
      const path = safeRead(request, "path");
      if (typeof path === "string" && intakePath.test(path)) this.#follow(request);
    });
  }

  /**
   * Starts sending, and waits for the requests that are under way then; later ones are not waited for.
   *
   * @returns `false` when one of them was refused or broke, or when there were none and the last one before had failed:
   *   dd-trace still holds what that one carried, or has given it up.
   */
  async send(start: () => void): Promise<boolean> {
    start();
    if (this.#underWay.size === 0) return !this.#lastFailed;
    const outcomes = await Promise.all(this.#underWay);
    return outcomes.every(Boolean);
  }

  #follow(request: ClientRequest): void {
    let isAccepted = false;
    request.once("response", (response) => {
      isAccepted = (response.statusCode ?? 500) < 300;
    });
    const outcome: Outcome = new Promise((resolve) => {
      request.once("close", () => {
        this.#underWay.delete(outcome);
        this.#lastFailed = !isAccepted;
        resolve(isAccepted);
      });
    });
    this.#underWay.add(outcome);
  }
}

let delivery: Delivery | undefined;

/** The one of this process: the channel's subscription would otherwise grow with every client. */
export function sharedDelivery(): Delivery {
  delivery ??= new Delivery();
  return delivery;
}
