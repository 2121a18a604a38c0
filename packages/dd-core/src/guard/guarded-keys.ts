import type { Redactor } from "@llmdevops/dd-redaction";
import { redactWithin } from "./bounded-redaction.ts";
import { safeText } from "./safe-read.ts";

/** The Agent cuts longer keys (pkg/trace/traceutil, MaxMetaKeyLen). */
const maximumKeyLength = 200;
const maximumRememberedKeys = 1_024;

/**
 * Tags that dd-trace and the Agent take for text without looking; a number in one of them makes dd-trace throw when
 * the span ends (dd-trace `span_format.js`), or the Agent refuse it.
 */
const textTags = new Set([
  "service",
  "service.name",
  "resource.name",
  "span.type",
  "span.kind",
  "operation.name",
  "env",
  "version",
]);

const watchedTags = new Map<string, "resource" | "dependency">([
  ["resource.name", "resource"],
  ["peer.service", "dependency"],
]);

/** Tags at which dd-trace or this package does something when a span starts. */
const instructingTags = new Set([
  "service",
  "service.name",
  "error",
  "manual.keep",
  "manual.drop",
  "sampling.priority",
]);

/** All that is known of a tag's key. */
export interface GuardedKey {
  /** Redacted and cut to 200 characters. */
  readonly name: string;
  /** Whether its value must not leave as it is. */
  readonly isBlocked: boolean;
  /** Whether no tag may have the name. */
  readonly isNoTag: boolean;
  /** Whether a tag of the name must be text. */
  readonly isText: boolean;
  /** Whether nothing of all that holds, and the name is the key: a number may stay as it is. */
  readonly isPlain: boolean;
  /** Whether the tag says what is to be done, and does not only describe the span. */
  readonly isInstructing: boolean;
  /** What the values of the tag are looked at for. */
  readonly watchedFor: "resource" | "dependency" | undefined;
  /** The key itself. */
  readonly key: string;
  /** The text under it that was last found harmless; the same few come again and again. */
  harmless: string | undefined;
  /** Some others that were found harmless lately: some tags go to and fro between them. */
  harmlessOthers: Set<string> | undefined;
  /** The key that last came after it: callers give the same tags in the same order. */
  next: GuardedKey | undefined;
}

const unusable = "[REDACTION_FAILED]";

/** Guards the keys of tags; the same few come again and again, and one look-up says all about one. */
export class GuardedKeys {
  readonly #redactor: Redactor;
  readonly #onFailure: () => void;
  readonly #known = new Map<string, GuardedKey>();
  #first: GuardedKey | undefined;

  /** @param onFailure Told each time when the redactor has thrown. */
  constructor(redactor: Redactor, onFailure: () => void) {
    this.#redactor = redactor;
    this.#onFailure = onFailure;
  }

  of(key: string): GuardedKey {
    return this.#known.get(key) ?? this.#guard(safeText(key));
  }

  /** The same for a key that comes after another one, quicker where it has done so before. */
  after(previous: GuardedKey | undefined, key: string): GuardedKey {
    const expected = previous === undefined ? this.#first : previous.next;
    if (expected !== undefined && expected.key === key) return expected;
    const known = this.#known.get(key);
    if (known === undefined) return this.#guard(safeText(key));
    if (previous === undefined) this.#first = known;
    else previous.next = known;
    return known;
  }

  #guard(key: string): GuardedKey {
    let guarded: GuardedKey;
    try {
      const name = redactWithin(this.#redactor, key, "tags", maximumKeyLength);
      const isBlocked = this.#redactor.shouldBlock(key);
      const isNoTag = name === "" || name === "__proto__";
      const isText = textTags.has(name);
      const watchedFor = watchedTags.get(name);
      guarded = {
        name,
        isBlocked,
        isNoTag,
        isText,
        isInstructing: instructingTags.has(name),
        isPlain: name === key && !isBlocked && !isNoTag && !isText && watchedFor === undefined,
        watchedFor,
        key,
        harmless: undefined,
        harmlessOthers: undefined,
        next: undefined,
      };
    } catch {
      this.#onFailure();
      return {
        name: unusable,
        isBlocked: true,
        isNoTag: false,
        isText: false,
        isPlain: false,
        isInstructing: false,
        watchedFor: undefined,
        key: unusable,
        harmless: undefined,
        harmlessOthers: undefined,
        next: undefined,
      };
    }
    if (this.#known.size < maximumRememberedKeys && key.length <= maximumKeyLength) {
      this.#known.set(key, guarded);
    }
    return guarded;
  }
}
