import { internalModule } from "./internal-module.ts";
import { callMethod, readPath } from "./untyped.ts";

type Append = (event: object, routing?: unknown) => boolean;

/** dd-trace replaces input and output of events above 5 MiB; what may be near that is left to it (UTF-16 code units). */
const mostSurelyWithin = 1024 * 1024;

/**
 * Takes LLM Observability events as text from dd-trace's writer. By itself it writes each event as JSON to measure it,
 * for a telemetry of its own, keeps the event as an object, and writes it again to send it.
 *
 * @param take Is given the writer and the text of a payload that holds one event.
 */
export function takeEventText(take: (writer: object, payload: string) => void): void {
  const prototype = readPath(internalModule("dd-trace/src/llmobs/writers/spans.js"), "prototype") as
    | { append: Append }
    | undefined;
  if (prototype === undefined || !Object.hasOwn(prototype, "append")) return;
  const { append } = prototype;
  prototype.append = function (this: object, event, routing) {
    // Events for another customer's account go their own way, with their own key.
    if (readPath(routing, "apiKey") === undefined) {
      const payload = callMethod(this, "_encode", callMethod(this, "makePayload", [event]));
      if (isListOfOne(payload)) {
        take(this, payload);
        return true;
      }
    }
    return Reflect.apply(append, this, [event, routing]);
  };
}

/** One payload of several that hold one event each. */
export function joinedPayloads(payloads: readonly string[]): string {
  return `[${payloads.map((payload) => payload.slice(1, -1)).join(",")}]`;
}

function isListOfOne(payload: unknown): payload is string {
  return (
    typeof payload === "string" &&
    payload.length <= mostSurelyWithin &&
    payload.startsWith("[") &&
    payload.endsWith("]")
  );
}
