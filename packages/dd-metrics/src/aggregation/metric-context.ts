/** DogStatsD's letters for the types of metrics. */
export type MetricType = "c" | "g" | "h" | "d" | "ms" | "s";

/** What one series is made of. */
export interface MetricIdentity {
  readonly type: MetricType;
  readonly name: string;
  /** Everything behind the value and its type, from the sample rate on, with the leading `|`. */
  readonly fields: string;
  /** Tells this series from all others. */
  readonly key: string;
  /** Values are sent as they come. */
  readonly isDirect: boolean;
}

/** One series: metric, tags and sample rate, with what has been recorded since it was last written. */
export class MetricContext {
  readonly identity: MetricIdentity;
  readonly head: string;
  readonly tail: string;
  /** Of head and tail. */
  readonly bytes: number;
  /** How many calls it holds. */
  calls = 0;
  /** The sum of a count, or the last value of a gauge. */
  value = 0;
  /** Values of a histogram, distribution or timing. */
  readonly samples: number[] = [];
  /** Values of a set. */
  readonly unique: Set<string> = new Set();
  /** Whether the aggregator knows it; what it has forgotten asks to be taken up again. */
  isLive = false;
  /** The window in which it was last written. */
  lastWindow = 0;

  constructor(identity: MetricIdentity) {
    this.identity = identity;
    this.head = `${identity.name}:`;
    this.tail = `|${identity.type}${identity.fields}`;
    this.bytes = Buffer.byteLength(this.head) + Buffer.byteLength(this.tail);
  }
}
