import type { Line } from "../delivery/line-buffer.ts";
import type { MetricContext } from "./metric-context.ts";

/** How values become lines. */
export interface LineFormat {
  /** Longest line (bytes). */
  readonly maximumBytes: number;
  /** Whether several values of one series share a line: protocol 1.1, Agent 7.25 and newer. */
  readonly packsValues: boolean;
}

/**
 * Writes what a context holds and empties it.
 *
 * @param keepsRest Leaves values that do not fill a line where they are.
 */
export function writeContext(
  context: MetricContext,
  format: LineFormat,
  push: (line: Line) => void,
  keepsRest = false,
): void {
  switch (context.identity.type) {
    case "c":
    case "g":
      push(lineOf(context, String(context.value), context.calls));
      context.calls = 0;
      context.value = 0;
      return;
    case "s":
      writeUnique(context, push);
      return;
    default:
      writeSamples(context, format, push, keepsRest);
  }
}

/** One line with the given value or values. @param further What follows the tail, for example a time. */
export function lineOf(context: MetricContext, value: string, calls: number, further = ""): Line {
  return {
    text: `${context.head}${value}${context.tail}${further}`,
    // Only a set's value may hold more than ASCII.
    bytes:
      context.bytes +
      further.length +
      (context.identity.type === "s" ? Buffer.byteLength(value) : value.length),
    calls,
  };
}

/** In a set a colon is part of the value, so that each value takes a line of its own. */
function writeUnique(context: MetricContext, push: (line: Line) => void): void {
  let repeated = context.calls - context.unique.size;
  for (const value of context.unique) {
    push(lineOf(context, value, 1 + repeated));
    repeated = 0;
  }
  context.unique.clear();
  context.calls = 0;
}

function writeSamples(
  context: MetricContext,
  { maximumBytes, packsValues }: LineFormat,
  push: (line: Line) => void,
  keepsRest: boolean,
): void {
  const { samples } = context;
  const room = packsValues ? maximumBytes - context.bytes : 0;
  let texts: string[] = [];
  let length = 0;
  let first = 0;
  for (const [index, sample] of samples.entries()) {
    const text = String(sample);
    if (texts.length > 0 && length + 1 + text.length > room) {
      push(lineOf(context, texts.join(":"), texts.length));
      texts = [];
      first = index;
    }
    length = texts.length === 0 ? text.length : length + 1 + text.length;
    texts.push(text);
  }
  if (keepsRest && first > 0) {
    samples.copyWithin(0, first);
    samples.length -= first;
  } else {
    if (texts.length > 0) push(lineOf(context, texts.join(":"), texts.length));
    samples.length = 0;
  }
  context.calls = samples.length;
}
