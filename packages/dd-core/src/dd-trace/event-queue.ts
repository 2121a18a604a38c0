/** An event that waits for its turn. */
export interface QueuedEvent {
  /** As dd-trace has it, or as the text of a payload of its own. */
  readonly event: Readonly<Record<string, unknown>> | string;
  readonly bytes: number;
}

const chunkLength = 128;

/**
 * Events in the order in which they came. They are held in short lists: taking the first ones out of one list of 10,000
 * moves all others, which takes longer than all that is done with an event.
 */
export class EventQueue {
  readonly #chunks: QueuedEvent[][] = [];
  #length = 0;
  #bytes = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(event: QueuedEvent): void {
    let last = this.#chunks.at(-1);
    if (last === undefined || last.length >= chunkLength) {
      last = [];
      this.#chunks.push(last);
    }
    last.push(event);
    this.#length += 1;
    this.#bytes += event.bytes;
  }

  /** Takes the oldest events out, one at least, as long as there are no more of them and of their bytes. */
  take(mostEvents: number, mostBytes: number): QueuedEvent[] {
    const taken: QueuedEvent[] = [];
    let bytes = 0;
    let chunk = this.#chunks[0];
    while (chunk !== undefined) {
      let count = 0;
      for (const event of chunk) {
        const isFull = taken.length >= mostEvents || bytes + event.bytes > mostBytes;
        if (isFull && taken.length > 0) break;
        taken.push(event);
        bytes += event.bytes;
        count += 1;
      }
      if (count < chunk.length) {
        chunk.splice(0, count);
        break;
      }
      this.#chunks.shift();
      chunk = this.#chunks[0];
    }
    this.#length -= taken.length;
    this.#bytes -= bytes;
    return taken;
  }

  /** Takes the oldest hundredth out, one event at least. @returns How many. */
  drop(): number {
    return this.take(Math.ceil(this.#length / 100), Number.POSITIVE_INFINITY).length;
  }
}
