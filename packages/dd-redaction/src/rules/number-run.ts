import { isDigit } from "../detection/characters.ts";

/**
 * Groups of digits joined by short separators, for example `+1 (415) 555-2671`: the groups are
 * `1`, `415`, `555`, `2671`.
 */
export class NumberRun {
  readonly #text: string;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    let index = start;
    while (index < end) {
      while (index < end && !isDigit(text.charCodeAt(index))) index++;
      if (index === end) break;
      this.#starts.push(index);
      while (index < end && isDigit(text.charCodeAt(index))) index++;
      this.#ends.push(index);
    }
  }

  /** Number of groups. */
  get size(): number {
    return this.#starts.length;
  }

  /** Position of the first digit of a group. */
  start(group: number): number {
    return this.#starts[group] ?? this.#text.length;
  }

  /** Position after the last digit of a group. */
  end(group: number): number {
    return this.#ends[group] ?? this.#text.length;
  }

  /** Number of digits of a group, 0 beyond the last one. */
  length(group: number): number {
    return group < this.#starts.length ? this.end(group) - this.start(group) : 0;
  }

  /** The digits of `count` groups without what separates them. */
  digits(from: number, count: number): string {
    let digits = "";
    for (let group = from; group < from + count; group++) {
      digits += this.#text.slice(this.start(group), this.end(group));
    }
    return digits;
  }

  /** What stands between a group and the one before it; the empty string for the first group. */
  separator(group: number): string {
    if (group < 1 || group >= this.size) return "";
    return this.#text.slice(this.end(group - 1), this.start(group));
  }

  /** Whether the groups from `from` on have these lengths and one and the same separator. */
  hasShape(from: number, lengths: readonly number[]): boolean {
    const separator = this.separator(from + 1);
    for (let offset = 0; offset < lengths.length; offset++) {
      if (this.length(from + offset) !== lengths[offset]) return false;
      if (offset > 0 && this.separator(from + offset) !== separator) return false;
    }
    return true;
  }
}
