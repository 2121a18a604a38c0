/**
 * The upper halves of new trace ids as dd-trace makes them: the second in which the trace began in eight hexadecimal
 * digits, and eight zeros (`_createContext` in its `opentracing/span.js`). Writing a number in hexadecimal takes an
 * eighth of the time of a start, and is the same for a second.
 */
export class UpperTraceIds {
  #second = Number.NaN;
  #text = "";

  /** @param startTime When the trace began (ms since the epoch). */
  at(startTime: number): string {
    const second = Math.floor(startTime / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = second.toString(16).padStart(8, "0").padEnd(16, "0");
    }
    return this.#text;
  }
}
