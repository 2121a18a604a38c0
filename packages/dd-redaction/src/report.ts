/** What a redactor did so far, in counts; it never holds a value. Meant for an audit log. */
export interface RedactionReport {
  /** Replacements per rule; a rule that never matched is left out. */
  readonly rules: Readonly<Record<string, number>>;
  /** Values replaced or dropped because of their key. */
  readonly keys: number;
  /** Texts and values that became `[REDACTION_FAILED]`, per rule or cause. */
  readonly failures: Readonly<Record<string, number>>;
  /** Values cut off by a limit of depth, width, nodes or size, per limit. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Counts for a {@link RedactionReport}. */
export class ReportCounter {
  readonly #rules: Record<string, number> = Object.create(null) as Record<string, number>;
  readonly #failures: Record<string, number> = Object.create(null) as Record<string, number>;
  readonly #limits: Record<string, number> = Object.create(null) as Record<string, number>;
  #keys = 0;

  /** A match of a rule was replaced. */
  rule(name: string): void {
    this.#rules[name] = (this.#rules[name] ?? 0) + 1;
  }

  /** A value was replaced because of its key. */
  key(): void {
    this.#keys++;
  }

  /** Something failed and was replaced whole. */
  failure(cause: string): void {
    this.#failures[cause] = (this.#failures[cause] ?? 0) + 1;
  }

  /** A limit cut something off. */
  limit(name: string): void {
    this.#limits[name] = (this.#limits[name] ?? 0) + 1;
  }

  /** The counts so far, as a copy. */
  report(): RedactionReport {
    return {
      rules: { ...this.#rules },
      keys: this.#keys,
      failures: { ...this.#failures },
      limits: { ...this.#limits },
    };
  }
}
