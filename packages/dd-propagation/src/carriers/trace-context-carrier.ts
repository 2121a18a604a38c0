/** What a propagator reads headers from and writes them to. */
export interface TraceContextCarrier {
  /** The value of a header, its name in any case; several values are joined with a comma. */
  get(name: string): string | undefined;
  /** Writes a header in place of any value it has. */
  set(name: string, value: string): void;
  /** The names of the headers present. */
  keys(): Iterable<string>;
  /** Takes a header out; a carrier without it may keep a stale one. */
  delete?(name: string): void;
  /** Why the carrier takes no writes, when it takes none. */
  readonly refusal?: string | undefined;
}
