import { labelShape } from "../detection/label-shape.ts";
import { keySegments } from "./segments.ts";
import {
  descriptiveWords,
  harmlessTokenQualifiers,
  sensitiveLastWords,
  sensitiveSequences,
  sensitiveWords,
} from "./sensitive-words.ts";

/** Which keys hold something that must not leave, beside the built-in rules. */
export interface KeyOptions {
  /**
   * Further sensitive keys. Each matches as a whole sequence of segments: `"customer.name"`
   * matches `customerName` and `order.customer_name`, not `customer.names`.
   *
   * @default []
   */
  readonly block?: readonly string[];
  /**
   * Keys that are never sensitive. Each must be the whole key, in any spelling of its segments.
   *
   * @default []
   */
  readonly allow?: readonly string[];
  /**
   * `false` turns the built-in words off; `block` still counts.
   *
   * @default true
   */
  readonly builtIn?: boolean;
}

const labels = new RegExp(labelShape, "g");

/** Longest key that is looked at as a whole; of a longer one the last part decides. */
const maximumKeyLength = 256;
/** Longest key that is remembered, and how many of them. */
const maximumMemoKeyLength = 64;
const maximumMemoSize = 2048;

/** Decides by whole segments whether a key is sensitive, and remembers what it decided. */
export class KeyRules {
  readonly #words: ReadonlySet<string>;
  readonly #sequences: readonly (readonly string[])[];
  readonly #blocked: readonly (readonly string[])[];
  readonly #allowed: ReadonlySet<string>;
  readonly #builtIn: boolean;
  #memo = new Map<string, boolean>();

  constructor(options: KeyOptions = {}) {
    this.#builtIn = options.builtIn ?? true;
    this.#words = new Set(this.#builtIn ? sensitiveWords : []);
    this.#sequences = this.#builtIn ? sensitiveSequences.map((entry) => entry.split(".")) : [];
    this.#blocked = (options.block ?? []).map(keySegments).filter((entry) => entry.length > 0);
    this.#allowed = new Set((options.allow ?? []).map((key) => keySegments(key).join(".")));
  }

  /** Whether the value under `key` must not leave. */
  isSensitive(key: string): boolean {
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const sensitive = this.#decide(
      key.length > maximumKeyLength ? key.slice(-maximumKeyLength) : key,
    );
    if (key.length <= maximumMemoKeyLength) {
      if (this.#memo.size >= maximumMemoSize) this.#memo = new Map();
      this.#memo.set(key, sensitive);
    }
    return sensitive;
  }

  #decide(key: string): boolean {
    // `[PRIVATE_KEY_REDACTED]` as a key was a secret, and is no name of one.
    const segments = keySegments(key.includes("[") ? key.replace(labels, "") : key);
    if (segments.length === 0) return false;
    if (this.#allowed.has(segments.join("."))) return false;
    if (this.#blocked.some((sequence) => indexOfSequence(segments, sequence) >= 0)) return true;
    if (!this.#builtIn) return false;
    const words = trimNumbers(segments);
    const last = words.at(-1) ?? "";
    if (sensitiveLastWords.includes(last)) {
      return !harmlessTokenQualifiers.includes(words.at(-2) ?? "");
    }
    const sequence = this.#sequences.find((entry) => indexOfSequence(words, entry) >= 0);
    if (sequence !== undefined && sequence.at(-1) === last) return true;
    if (descriptiveWords.includes(last)) return false;
    return sequence !== undefined || words.some((word) => this.#words.has(word));
  }
}

/** `password2` and `secret_01` are the same key as without the number. */
function trimNumbers(segments: readonly string[]): readonly string[] {
  let end = segments.length;
  while (end > 1 && /^\d+$/.test(segments[end - 1] ?? "")) end--;
  return segments.slice(0, end);
}

function indexOfSequence(segments: readonly string[], sequence: readonly string[]): number {
  for (let start = 0; start + sequence.length <= segments.length; start++) {
    if (sequence.every((word, offset) => segments[start + offset] === word)) return start;
  }
  return -1;
}
