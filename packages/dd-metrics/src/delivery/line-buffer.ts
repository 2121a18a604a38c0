/** A finished message of DogStatsD. */
export interface Line {
  readonly text: string;
  readonly bytes: number;
  /** How many calls it stands for. */
  readonly calls: number;
}

/** A bounded queue of lines: when it is full the oldest go. */
export class LineBuffer {
  readonly #capacity: number;
  readonly #onDrop: (line: Line) => void;
  #lines: (Line | undefined)[] = [];
  #first = 0;

  /** @param capacity In lines. @param onDrop Told about every line that had to go. */
  constructor(capacity: number, onDrop: (line: Line) => void) {
    this.#capacity = capacity;
    this.#onDrop = onDrop;
  }

  get length(): number {
    return this.#lines.length - this.#first;
  }

  /** How many calls the lines stand for. */
  get calls(): number {
    let calls = 0;
    for (let index = this.#first; index < this.#lines.length; index += 1) {
      calls += this.#lines[index]?.calls ?? 0;
    }
    return calls;
  }

  push(line: Line): void {
    if (this.length >= this.#capacity) {
      const oldest = this.shift();
      if (oldest !== undefined) this.#onDrop(oldest);
    }
    this.#lines.push(line);
  }

  peek(): Line | undefined {
    return this.#lines[this.#first];
  }

  shift(): Line | undefined {
    const line = this.#lines[this.#first];
    if (line === undefined) return undefined;
    this.#lines[this.#first] = undefined;
    this.#first += 1;
    // Moves what is left to the front now and then, so that each line is moved once on average.
    if (this.#first * 2 > this.#lines.length) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
    return line;
  }

  /** Puts lines back that were taken last; they are the oldest. */
  putBack(lines: readonly Line[]): void {
    const room = this.#capacity - this.length;
    const kept = lines.slice(Math.max(0, lines.length - room));
    for (const line of lines.slice(0, lines.length - kept.length)) this.#onDrop(line);
    this.#lines = [...kept, ...this.#lines.slice(this.#first)];
    this.#first = 0;
  }
}
