/** What is planted at every place where an adapter can be given something, so that a leak names its place. */
export interface Entries {
  /** What is said: prompts, answers, arguments, results, descriptions. */
  content(place: string): string;
  /** What names something: tools, agents, models, sessions, users, tags. */
  name(place: string): string;
  /** An error of the application, with an entry in every part. */
  error(place: string): Error;
  readonly count: number;
  /** The places whose entries a text holds. */
  leaks(text: string): string[];
}

class NumberedEntries {
  readonly #places: string[] = [];
  readonly #mark: string;

  constructor(mark: string) {
    this.#mark = mark;
  }

  get count(): number {
    return this.#places.length;
  }

  next(place: string): string {
    this.#places.push(place);
    return `${this.#mark}${this.#places.length - 1}x`;
  }

  leaks(text: string): string[] {
    const found = [...text.matchAll(new RegExp(`${this.#mark}(\\d+)x`, "gi"))];
    return [...new Set(found.map(([, index]) => String(this.#places[Number(index)])))];
  }
}

/** A secret everywhere, each of a kind that every rule set knows. */
export function plantedSecrets(): Entries {
  const entries = new NumberedEntries("leak");
  const content = (place: string) => `Mail ${entries.next(place)}@planted.example about it.`;
  // It survives where an SDK allows letters, digits and underscores only.
  const name = (place: string) => `ghp_${entries.next(place).padEnd(40, "A")}`;
  return {
    content,
    name,
    error(place) {
      const cause = new AggregateError([new Error(name(`${place}: inner error`))], "cause", {
        cause: new Error(name(`${place}: cause of the cause`)),
      });
      const error = new Error(name(`${place}: message`), { cause });
      error.name = name(`${place}: name`);
      return Object.assign(error, { detail: content(`${place}: detail`) });
    },
    get count() {
      return entries.count;
    },
    leaks: (text) => entries.leaks(text),
  };
}

/** A harmless word wherever something is said, and a plain name wherever something is named. */
export function plantedCanaries(): Entries {
  const entries = new NumberedEntries("canary");
  let names = 0;
  return {
    content: (place) => `The bird ${entries.next(place)} sings.`,
    name() {
      names += 1;
      return `plain_${names}`;
    },
    error: () => new RangeError("out of stock"),
    get count() {
      return entries.count;
    },
    leaks: (text) => entries.leaks(text),
  };
}
