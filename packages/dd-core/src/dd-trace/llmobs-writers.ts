import type { DeliveryLinks } from "../agent-link/delivery-links.ts";
import type { PayloadKind } from "../agent-link/payload.ts";
import { internalModule } from "./internal-module.ts";
import { addContainerHeaders } from "./trace-writer.ts";
import { callMethod, readPath } from "./untyped.ts";

type Append = (
  event: Readonly<Record<string, unknown>>,
  routing?: unknown,
  byteLength?: number,
) => boolean;

interface PendingEvents {
  readonly events: Readonly<Record<string, unknown>>[];
  bytes: number;
}

/** How long events are gathered, as dd-trace does (ms). */
const intervalMs = 1000;
/** Datadog takes at most so many events a second, and payloads of so many bytes. */
const mostEvents = 1000;
const mostBytes = 4.5 * 1024 * 1024;

/**
 * Takes LLM Observability events and evaluations from dd-trace's writers, which otherwise send them once and drop
 * what is refused, and gives them to the link, encoded by the writers themselves.
 */
export class LLMObservabilityWriters {
  readonly #link: DeliveryLinks;
  readonly #pending = new Map<object, PendingEvents>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(prototype: { append: Append }, link: DeliveryLinks) {
    this.#link = link;
    const append = prototype.append;
    const take = (writer: object, event: Readonly<Record<string, unknown>>, bytes: number) =>
      this.#take(writer, event, bytes);
    prototype.append = function (this: object, event, routing, byteLength) {
      // Events for another customer's account go their own way, with their own key.
      if (readPath(routing, "apiKey") !== undefined) {
        return Reflect.apply(append, this, [event, routing, byteLength]);
      }
      take(this, event, byteLength ?? Buffer.byteLength(JSON.stringify(event)));
      return true;
    };
  }

  /** @returns `undefined` where this dd-trace has no writers of the known shape. */
  static attach(link: DeliveryLinks): LLMObservabilityWriters | undefined {
    const prototype = readPath(internalModule("dd-trace/src/llmobs/writers/base.js"), "prototype");
    const needed = ["append", "_getOptions", "_encode", "makePayload"];
    const isKnown = needed.every((name) => typeof readPath(prototype, name) === "function");
    return isKnown ? new LLMObservabilityWriters(prototype as { append: Append }, link) : undefined;
  }

  /** Events that have not been handed over yet. */
  get pendingEvents(): number {
    let total = 0;
    for (const { events } of this.#pending.values()) total += events.length;
    return total;
  }

  /** Moves what has been gathered to the link, at once. */
  drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [writer, pending] of this.#pending) this.#send(writer, pending);
  }

  #take(writer: object, event: Readonly<Record<string, unknown>>, bytes: number): void {
    const pending = this.#pending.get(writer) ?? { events: [], bytes: 0 };
    this.#pending.set(writer, pending);
    if (pending.bytes + bytes > mostBytes || pending.events.length >= mostEvents) {
      this.#send(writer, pending);
    }
    pending.events.push(event);
    pending.bytes += bytes;
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.drain(), intervalMs);
    this.#timer.unref();
  }

  #send(writer: object, pending: PendingEvents): void {
    const agentless = readPath(writer, "_agentless");
    const isUndecided = typeof agentless !== "boolean";
    // dd-trace still asks the Agent whether it forwards events; they wait, and the oldest go.
    if (isUndecided && pending.events.length < mostEvents) return;
    const events = pending.events.splice(0);
    pending.bytes = 0;
    if (events.length === 0) return;
    if (isUndecided || !this.#submit(writer, events, agentless)) {
      this.#link.refuse("llmobs", events.length, "llmobs_writer_unusable");
    }
  }

  #submit(writer: object, events: readonly unknown[], agentless: boolean): boolean {
    try {
      const options = callMethod(writer, "_getOptions");
      const url = readPath(options, "url");
      const path = readPath(options, "path");
      const text = callMethod(writer, "_encode", callMethod(writer, "makePayload", events));
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

function kindOf(path: string): PayloadKind {
  return path.includes("eval-metric") ? "evaluations" : "llmobs";
}
