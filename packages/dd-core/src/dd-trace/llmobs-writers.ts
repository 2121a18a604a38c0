import type { DeliveryLinks } from "../agent-link/delivery-links.ts";
import type { PayloadKind } from "../agent-link/payload.ts";
import { EventPacing } from "./event-pacing.ts";
import { EventQueue } from "./event-queue.ts";
import { internalModule } from "./internal-module.ts";
import { joinedPayloads, takeEventText } from "./llmobs-event-text.ts";
import { addContainerHeaders } from "./trace-writer.ts";
import { callMethod, readPath } from "./untyped.ts";

type Append = (event: Event, routing?: unknown, byteLength?: number) => boolean;

type Event = Readonly<Record<string, unknown>>;

interface PendingEvents {
  readonly events: EventQueue;
  readonly pacing: EventPacing;
}

/** How long events are gathered, as dd-trace does (ms). */
const intervalMs = 1000;
/** The largest payload that Datadog takes, with room for what is around the events (bytes). */
const mostBytes = 4.5 * 1024 * 1024;
/** What may wait for its turn; beyond, the oldest go. */
const mostHeldEvents = 10_000;
const mostHeldBytes = 32 * 1024 * 1024;
/** How soon to look again whether dd-trace knows where to send to (ms). */
const undecidedMs = 100;

/**
 * Takes LLM Observability events and evaluations from dd-trace's writers, which otherwise send them once and drop
 * what is refused, and gives them to the link, encoded by the writers themselves.
 */
export class LLMObservabilityWriters {
  readonly #link: DeliveryLinks;
  readonly #pending = new Map<object, PendingEvents>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(prototype: { append: Append }, link: DeliveryLinks, takesText: boolean) {
    this.#link = link;
    const append = prototype.append;
    const take = (writer: object, event: Event | string, bytes: number) =>
      this.#take(writer, event, bytes);
    if (takesText) {
      takeEventText((writer, payload) => take(writer, payload, Buffer.byteLength(payload)));
    }
    prototype.append = function (this: object, event, routing, byteLength) {
      // Events for another customer's account go their own way, with their own key.
      if (readPath(routing, "apiKey") !== undefined) {
        return Reflect.apply(append, this, [event, routing, byteLength]);
      }
      take(this, event, byteLength ?? Buffer.byteLength(JSON.stringify(event)));
      return true;
    };
  }

  /**
   * @param takesText Whether spans' events may be taken as text, past the telemetry of dd-trace's own.
   * @returns `undefined` where this dd-trace has no writers of the known shape.
   */
  static attach(link: DeliveryLinks, takesText: boolean): LLMObservabilityWriters | undefined {
    const prototype = readPath(internalModule("dd-trace/src/llmobs/writers/base.js"), "prototype");
    const needed = ["append", "_getOptions", "_encode", "makePayload"];
    const isKnown = needed.every((name) => typeof readPath(prototype, name) === "function");
    return isKnown
      ? new LLMObservabilityWriters(prototype as { append: Append }, link, takesText)
      : undefined;
  }

  /** Events that have not been handed over yet. */
  get pendingEvents(): number {
    let total = 0;
    for (const { events } of this.#pending.values()) total += events.length;
    return total;
  }

  /** Moves what has been gathered to the link, at once and whatever its number: at the end of the process. */
  drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [writer, pending] of this.#pending) {
      while (pending.events.length > 0) this.#send(writer, pending, pending.events.length);
    }
  }

  /**
   * Moves what has been gathered to the link, no more in a second than Datadog takes.
   *
   * @returns Whether all of it was moved in time (ms).
   */
  async drainInPace(timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const waitMs = this.#sendAllowed();
      if (waitMs === undefined) return true;
      const left = end - performance.now();
      if (left <= 0) return false;
      // Somebody waits for it, so the process stays alive as long.
      await new Promise((resolve) => {
        setTimeout(resolve, Math.min(waitMs, left));
      });
    }
  }

  #take(writer: object, event: Event | string, bytes: number): void {
    let pending = this.#pending.get(writer);
    if (pending === undefined) {
      pending = { events: new EventQueue(), pacing: new EventPacing(() => performance.now()) };
      this.#pending.set(writer, pending);
    }
    const { events } = pending;
    events.push({ event, bytes });
    if (events.length > mostHeldEvents || events.bytes > mostHeldBytes) {
      this.#link.refuse(kindOfWriter(writer), events.drop(), "llmobs_over_rate");
    }
    if (events.bytes > mostBytes) this.#sendAllowed();
    this.#timer ??= this.#wake(intervalMs);
  }

  #wake(waitMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      const nextMs = this.#sendAllowed();
      if (nextMs !== undefined) this.#timer ??= this.#wake(nextMs);
    }, waitMs).unref();
  }

  /** Sends what may be sent now. @returns When to go on (ms), or `undefined` where nothing is left. */
  #sendAllowed(): number | undefined {
    let nextMs: number | undefined;
    for (const [writer, pending] of this.#pending) {
      // dd-trace still asks the Agent whether it forwards events; they wait.
      const isDecided = typeof readPath(writer, "_agentless") === "boolean";
      for (let allowed = pending.pacing.allowance(); isDecided && allowed > 0; ) {
        if (pending.events.length === 0) break;
        const sent = this.#send(writer, pending, allowed);
        pending.pacing.sent(sent);
        allowed -= sent;
      }
      if (pending.events.length === 0) continue;
      const waitMs = isDecided ? Math.max(1, pending.pacing.waitMs()) : undecidedMs;
      nextMs = Math.min(nextMs ?? waitMs, waitMs);
    }
    return nextMs;
  }

  /** Sends the oldest events in one payload. @returns How many, one at least. */
  #send(writer: object, pending: PendingEvents, atMost: number): number {
    const events = pending.events.take(atMost, mostBytes).map(({ event }) => event);
    const agentless = readPath(writer, "_agentless");
    if (typeof agentless !== "boolean" || !this.#submit(writer, events, agentless)) {
      this.#link.refuse(kindOfWriter(writer), events.length, "llmobs_writer_unusable");
    }
    return events.length;
  }

  #submit(writer: object, events: readonly (Event | string)[], agentless: boolean): boolean {
    try {
      const options = callMethod(writer, "_getOptions");
      const url = readPath(options, "url");
      const path = readPath(options, "path");
      const text = encoded(writer, events);
      if (url === undefined || typeof path !== "string" || typeof text !== "string") return false;
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(readPath(options, "headers") ?? {})) {
        if (name.toLowerCase() !== "dd-api-key") headers[name] = String(value);
      }
      if (!agentless) addContainerHeaders(headers);
      this.#link.submit({
        kind: kindOf(path),
        items: events.length,
        body: Buffer.from(text),
        route: { url: String(url), path, method: "POST", headers, agentless },
      });
      return true;
    } catch {
      return false;
    }
  }
}

function encoded(writer: object, events: readonly (Event | string)[]): unknown {
  const encode = (list: readonly unknown[]) =>
    callMethod(writer, "_encode", callMethod(writer, "makePayload", list));
  if (!events.some((event) => typeof event === "string")) return encode(events);
  return joinedPayloads(
    events.map((event) => (typeof event === "string" ? event : String(encode([event])))),
  );
}

function kindOfWriter(writer: object): PayloadKind {
  return kindOf(String(readPath(writer, "_endpoint") ?? ""));
}

function kindOf(path: string): PayloadKind {
  return path.includes("eval-metric") ? "evaluations" : "llmobs";
}
