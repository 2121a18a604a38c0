/** Secrets of their own for every place, so that a leak names where it was planted. */
export class PlantedSecrets {
  readonly #entries: string[] = [];

  get count(): number {
    return this.#entries.length;
  }

  /** A secret for one place. */
  plant(entry: string): string {
    this.#entries.push(entry);
    return `leak${this.#entries.length - 1}x@planted.example`;
  }

  /** An error with a secret in every part. */
  errorWith(entry: string): Error {
    const cause = new AggregateError(
      [new Error(this.plant(`${entry}: one of the cause's errors`))],
      this.plant(`${entry}: cause`),
      { cause: this.plant(`${entry}: cause of the cause`) },
    );
    const error = new Error(this.plant(`${entry}: message`), { cause });
    error.name = this.plant(`${entry}: name`);
    return Object.assign(error, { detail: this.plant(`${entry}: detail`) });
  }

  /** The places whose secrets a text holds. */
  leaks(text: string): string[] {
    const found = [...text.matchAll(/leak(\d+)x/gi)].map(
      ([, index]) => this.#entries[Number(index)],
    );
    return [...new Set(found.map(String))];
  }
}
