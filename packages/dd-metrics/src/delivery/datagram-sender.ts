import type { Line, LineBuffer } from "./line-buffer.ts";

/** Several lines that share a datagram. */
export interface Datagram {
  readonly message: string;
  readonly lines: readonly Line[];
}

/** The way out for datagrams. */
export interface DatagramTransport {
  /** Sends one; calls back when it is with the operating system, or with the reason why not. */
  send(message: string, done: (error?: Error | null) => void): void;
  /** Whether what was given to `send` by now is with the operating system, though it has not called back. */
  sendsAtOnce(): boolean;
}

/** What a sender is given. */
export interface DatagramSenderOptions {
  readonly buffer: LineBuffer;
  readonly transport: DatagramTransport;
  /** Longest datagram (bytes). */
  readonly maximumBytes: number;
  /** Asked before a datagram is packed to put further lines into the buffer, as far as there are any. */
  readonly refill: () => void;
  /** Told about calls that were handed to the operating system. */
  readonly onSent: (calls: number) => void;
  /** Told about calls of which nobody knows whether they went out. */
  readonly onUnconfirmed: (calls: number) => void;
  readonly onError: (error: Error) => void;
}

/**
 * The Agent reads one socket; a default receive buffer holds about 90 datagrams of 1,432 bytes, so that a burst
 * would lose some.
 */
const datagramsAtOnce = 8;
const pauseMs = 1;
/** After that time a transport that has not called back will not. */
const stalledMs = 10_000;

/**
 * Sends the lines of a buffer, packed into datagrams, a few at a time. What cannot be sent goes back to the front
 * of the buffer and waits for the next start.
 */
export class DatagramSender {
  readonly #options: DatagramSenderOptions;
  readonly #inFlight = new Map<Datagram, { readonly isSent: boolean }>();
  #waiting: (() => void)[] = [];
  #startedAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #slice: readonly Datagram[] = [];
  readonly #failed = new Map<Datagram, Error>();

  constructor(options: DatagramSenderOptions) {
    this.#options = options;
  }

  /** How many calls are on their way. */
  get callsInFlight(): number {
    let calls = 0;
    for (const datagram of this.#inFlight.keys()) calls += callsOf(datagram);
    for (const datagram of this.#failed.keys()) calls += callsOf(datagram);
    return calls;
  }

  /** How many lines are on their way, and may come back to the buffer. */
  get linesInFlight(): number {
    let lines = 0;
    for (const datagram of this.#inFlight.keys()) lines += datagram.lines.length;
    for (const datagram of this.#failed.keys()) lines += datagram.lines.length;
    return lines;
  }

  /** Begins to send, unless that is under way. */
  start(): void {
    if (this.#startedAt !== undefined) {
      if (performance.now() - this.#startedAt < stalledMs) return;
      this.#giveUpInFlight();
    }
    this.#sendSome();
  }

  /** Sends everything that is in the buffer; resolves when it is done or cannot be done. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      // Somebody waits, so the process has to stay for it.
      this.#timer?.ref();
      this.start();
    });
  }

  /** Takes everything that is not with the operating system yet, as datagrams. */
  takeAll(): Datagram[] {
    const datagrams: Datagram[] = [];
    for (const [datagram, { isSent }] of this.#inFlight) {
      if (isSent) this.#options.onSent(callsOf(datagram));
      else datagrams.push(datagram);
    }
    this.#inFlight.clear();
    datagrams.push(...this.#failed.keys());
    this.#failed.clear();
    for (;;) {
      const datagram = this.#next();
      if (datagram === undefined) return datagrams;
      datagrams.push(datagram);
    }
  }

  #sendSome(): void {
    this.#startedAt = performance.now();
    this.#timer = undefined;
    const slice: Datagram[] = [];
    while (slice.length < datagramsAtOnce) {
      const datagram = this.#next();
      if (datagram === undefined) break;
      slice.push(datagram);
      this.#inFlight.set(datagram, { isSent: false });
    }
    this.#slice = slice;
    if (slice.length === 0) this.#finish();
    for (const datagram of slice) this.#send(datagram);
  }

  #send(datagram: Datagram): void {
    const { transport } = this.#options;
    const done = (error?: Error | null): void => {
      // An answer that came too late, or came twice, changes nothing.
      if (this.#inFlight.delete(datagram)) this.#settle(datagram, error ?? undefined);
    };
    try {
      transport.send(datagram.message, done);
      if (this.#inFlight.has(datagram)) {
        this.#inFlight.set(datagram, { isSent: transport.sendsAtOnce() });
      }
    } catch (cause) {
      done(cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  #settle(datagram: Datagram, error: Error | undefined): void {
    const { buffer, onSent, onUnconfirmed, onError } = this.#options;
    if (error === undefined) onSent(callsOf(datagram));
    // Sending it again would not make it shorter.
    else if (isTooLong(error)) onUnconfirmed(callsOf(datagram));
    else this.#failed.set(datagram, error);
    if (this.#inFlight.size > 0) return;
    const [failure] = this.#failed.values();
    // In the order in which they were recorded, so that of a gauge the newest value stays the last.
    buffer.putBack(this.#slice.flatMap((sent) => (this.#failed.has(sent) ? sent.lines : [])));
    this.#failed.clear();
    if (failure !== undefined) onError(failure);
    else this.#options.refill();
    if (failure !== undefined || buffer.length === 0) {
      this.#finish();
      return;
    }
    this.#timer = setTimeout(() => this.#sendSome(), pauseMs);
    if (this.#waiting.length === 0) this.#timer.unref();
  }

  #finish(): void {
    this.#startedAt = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #giveUpInFlight(): void {
    this.#options.buffer.putBack([...this.#failed.keys()].flatMap(({ lines }) => lines));
    this.#failed.clear();
    const calls = this.callsInFlight;
    this.#inFlight.clear();
    clearTimeout(this.#timer);
    if (calls > 0) this.#options.onUnconfirmed(calls);
  }

  #next(): Datagram | undefined {
    const { buffer, maximumBytes, refill } = this.#options;
    refill();
    const first = buffer.shift();
    if (first === undefined) return undefined;
    const lines = [first];
    const texts = [first.text];
    let bytes = first.bytes;
    for (;;) {
      const line = buffer.peek();
      if (line === undefined || bytes + 1 + line.bytes > maximumBytes) break;
      buffer.shift();
      lines.push(line);
      texts.push(line.text);
      bytes += 1 + line.bytes;
    }
    return { message: texts.join("\n"), lines };
  }
}

/** How many calls a datagram stands for. */
export function callsOf({ lines }: Datagram): number {
  return lines.reduce((sum, { calls }) => sum + calls, 0);
}

function isTooLong(error: Error): boolean {
  return "code" in error && error.code === "EMSGSIZE";
}
