import { isAlphanumeric, isDigit } from "../detection/characters.ts";

/**
 * Groups of digits joined by short separators, for example `+1 (415) 555-2671`: the groups are
 * `1`, `415`, `555`, `2671`.
 */
export class NumberRun {
  readonly text: string;
  /** Number of groups. */
  readonly size: number;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(text: string, start: number, end: number) {
    this.text = text;
    let index = start;
    while (index < end) {
      if (isDigit(text.charCodeAt(index))) {
        this.#starts.push(index);
        while (index < end && isDigit(text.charCodeAt(index))) index++;
        this.#ends.push(index);
      } else {
        index++;
      }
    }
    // `… 550e8400`: digits that letters follow are no group.
    if (isAlphanumeric(text.charCodeAt(end))) this.#starts.pop();
    this.size = this.#starts.length;
  }

  /** Position of the first digit of a group. */
  start(group: number): number {
    return group < this.size ? (this.#starts[group] as number) : this.text.length;
  }

  /** Position after the last digit of a group. */
  end(group: number): number {
    return group < this.size ? (this.#ends[group] as number) : this.text.length;
  }

  /** Number of digits of a group, 0 beyond the last one. */
  length(group: number): number {
    return this.end(group) - this.start(group);
  }

  /** The code unit of the first digit of a group. */
  firstDigit(group: number): number {
    return this.text.charCodeAt(this.start(group));
  }

  /** The digits of `count` groups without what separates them. */
  digits(from: number, count: number): string {
    let digits = "";
    for (let group = from; group < from + count; group++) {
      digits += this.text.slice(this.start(group), this.end(group));
    }
    return digits;
  }

  /** What stands between a group and the one before it; the empty string for the first group. */
  separator(group: number): string {
    if (group < 1 || group >= this.size) return "";
    return this.text.slice(this.end(group - 1), this.start(group));
  }

  /** Whether the groups from `from` on have these lengths and one and the same separator. */
  hasShape(from: number, lengths: readonly number[]): boolean {
    for (let offset = 0; offset < lengths.length; offset++) {
      if (this.length(from + offset) !== lengths[offset]) return false;
    }
    const separator = this.separator(from + 1);
    for (let offset = 2; offset < lengths.length; offset++) {
      if (this.separator(from + offset) !== separator) return false;
    }
    return true;
  }
}
