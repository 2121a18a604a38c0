import type { BreakerState } from "./circuit-breaker.ts";
import { requestFunction } from "./http-request.ts";
import type { LinkEnvironment, ResolvedLinkOptions } from "./link-options.ts";
import type { PayloadRoute } from "./payload.ts";
import { receiverOptions } from "./request-options.ts";

/** What is known of the Agent. */
export interface LinkHealth {
  /** Whether attempts are made: `closed`, `open`, or `half-open` while one probe is under way. */
  readonly breaker: BreakerState;
  /** Whether the Agent answered when it was last asked; `undefined` before the first time. */
  readonly agentReachable: boolean | undefined;
  /** The Agent's version, where `/info` told it. */
  readonly agentVersion: string | undefined;
}

const longestInfo = 64 * 1024;

/**
 * Asks the Agent's `/info` now and then, at most once per interval and only while nothing else tells how it is:
 * when idle or failing.
 */
export class HealthProbe {
  readonly #options: ResolvedLinkOptions;
  readonly #environment: LinkEnvironment;
  readonly #now: () => number;
  readonly #isNeeded: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #address: string | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #reachable: boolean | undefined;
  #version: string | undefined;

  /** @param isNeeded Whether there is no traffic that would tell. */
  constructor(
    options: ResolvedLinkOptions,
    environment: LinkEnvironment,
    now: () => number,
    isNeeded: () => boolean,
  ) {
    this.#options = options;
    this.#environment = environment;
    this.#now = now;
    this.#isNeeded = isNeeded;
  }

  /** Learns where the Agent is from the first payload that goes there. */
  watch(route: PayloadRoute): void {
    if (route.agentless) return;
    this.#address = route.url;
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#tick(), this.#options.healthIntervalMs);
    this.#timer.unref();
  }

  /** Notes what an attempt to deliver has shown. */
  note(reachable: boolean): void {
    this.#reachable = reachable;
    if (reachable) this.#answeredAt = this.#now();
  }

  report(): Omit<LinkHealth, "breaker"> {
    return { agentReachable: this.#reachable, agentVersion: this.#version };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const isQuiet = this.#now() - this.#answeredAt >= this.#options.healthIntervalMs;
    if (!isQuiet || !this.#isNeeded() || this.#address === undefined) return;
    const receiver = receiverOptions(this.#address);
    if (receiver === undefined) return;
    const { secure, ...address } = receiver;
    const run = this.#environment.untraced ?? ((fn) => fn());
    run(() => {
      const start = requestFunction(secure);
      const timeout = this.#options.connectTimeoutMs;
      const request = start({ ...address, path: "/info", agent: false, timeout }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > longestInfo) response.destroy();
        });
        response.on("error", () => {});
        response.on("close", () => {
          this.note((response.statusCode ?? 500) < 500);
          this.#version = versionOf(text) ?? this.#version;
        });
      });
      request.on("socket", (socket) => socket.unref());
      request.on("timeout", () => request.destroy());
      request.on("error", () => {
        this.#reachable = false;
      });
      request.end();
    });
  }
}

function versionOf(text: string): string | undefined {
  try {
    const info: unknown = JSON.parse(text);
    if (typeof info !== "object" || info === null) return undefined;
    const version: unknown = Reflect.get(info, "version");
    return typeof version === "string" ? version.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
