import { characterFeatures } from "../detection/character-features.ts";
import { createMatchList, type MatchList } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";
import { isUuid } from "../detection/uuid.ts";
import { decodeAsciiEscapes, hasAsciiEscapes } from "./ascii-escapes.ts";
import { type MatchRange, mergeRanges } from "./merge-ranges.ts";
import { type RenderSettings, render, renderRanges } from "./render.ts";
import { TextMemo, textFingerprint } from "./text-memo.ts";

/** Shorter texts cannot hold a match of any built-in rule. */
const shortestMatch = 6;
/** Up to this length looking at every character is cheaper than starting the searches. */
const maximumShortLength = 80;
const memoSlots = 512;
const memoCharacters = 1_048_576;
/** Replacing can join what stood apart; this many passes settle it. */
const maximumPasses = 8;

interface Remembered {
  readonly output: string;
  readonly counts: readonly number[];
}

/** The rules of one target, ready to run. */
export class Program {
  readonly #scanners: readonly Scanner[];
  readonly #settings: RenderSettings;
  readonly #memo: TextMemo<Remembered> | undefined;
  readonly #shortest: number;
  readonly #sparesUuids: boolean;

  constructor(scanners: readonly Scanner[], settings: RenderSettings, remember: boolean) {
    this.#scanners = scanners;
    this.#settings = settings;
    this.#memo = remember ? new TextMemo(memoSlots, memoCharacters) : undefined;
    this.#sparesUuids = !scanners.some(({ readsUuids }) => readsUuids === true);
    this.#shortest = scanners.reduce(
      (shortest, { minimumLength }) => Math.min(shortest, minimumLength),
      scanners.length === 0 ? Number.POSITIVE_INFINITY : shortestMatch,
    );
  }

  /** The text with every match replaced; the same string when there is none. May throw. */
  redact(text: string): string {
    const length = text.length;
    if (length < this.#shortest) return text;
    // Ids of requests and runs come again and again, and never the same.
    if (this.#sparesUuids && isUuid(text)) return text;
    if (this.#memo === undefined) return this.#redactNew(text, undefined);
    const fingerprint = textFingerprint(text);
    const known = this.#memo.get(text, fingerprint);
    if (known !== undefined) {
      for (const rule of known.counts) this.#settings.count(rule);
      return known.output;
    }
    const counts: number[] = [];
    const output = this.#redactNew(text, counts);
    this.#memo.offer(text, fingerprint, { output, counts });
    return output;
  }

  /** The matches in a text, not yet merged. May throw. */
  scan(text: string): MatchList {
    const matches = createMatchList();
    for (const scanner of this.#scanners) scanner.scan(text, matches);
    return matches;
  }

  /** The ranges to replace, in order and disjoint. May throw. */
  ranges(text: string): MatchRange[] {
    return mergeRanges(text, this.scan(text), this.#settings.labelPattern);
  }

  /** The part of a text from `from` to `to` with ranges in it replaced. May throw. */
  replaceRanges(text: string, ranges: readonly MatchRange[], from: number, to: number): string {
    const rendered = renderRanges(text.slice(0, to), ranges, this.#settings, from);
    return rendered.openSeam ? this.redact(rendered.text) : rendered.text;
  }

  #redactNew(text: string, counts: number[] | undefined): string {
    if (text.length <= maximumShortLength) return this.#redactShort(text, counts);
    return this.#replace(text, this.scan(text), counts);
  }

  #redactShort(text: string, counts?: number[]): string {
    const features = characterFeatures(text);
    let matches: MatchList | undefined;
    for (const scanner of this.#scanners) {
      if ((scanner.needs & features) === 0 || text.length < scanner.minimumLength) continue;
      matches ??= createMatchList();
      scanner.scan(text, matches);
    }
    return matches === undefined ? text : this.#replace(text, matches, counts);
  }

  #replace(text: string, matches: MatchList, counts: number[] | undefined): string {
    // Looked for before replacing: searching a joined result would copy it.
    const escapes = hasAsciiEscapes(text);
    if (matches.starts.length === 0) return escapes ? this.#replaceDecoded(text, counts) : text;
    const settings = this.#counting(counts);
    let rendered = render(text, matches, settings);
    for (let pass = 1; pass < maximumPasses && rendered.openSeam; pass++) {
      rendered = render(rendered.text, this.scan(rendered.text), settings);
    }
    return escapes ? this.#replaceDecoded(rendered.text, counts) : rendered.text;
  }

  /** `john\u0040example.com` is an address to whoever parses the JSON. */
  #replaceDecoded(text: string, counts: number[] | undefined): string {
    const decoded = decodeAsciiEscapes(text);
    const matches = this.scan(decoded);
    if (matches.starts.length === 0) return text;
    const rendered = render(decoded, matches, this.#counting(counts)).text;
    // Decoding alone is no reason to change a text.
    return rendered === decoded ? text : rendered;
  }

  #counting(counts: number[] | undefined): RenderSettings {
    if (counts === undefined) return this.#settings;
    const { count } = this.#settings;
    return {
      ...this.#settings,
      count(rule) {
        counts.push(rule);
        count(rule);
      },
    };
  }
}
