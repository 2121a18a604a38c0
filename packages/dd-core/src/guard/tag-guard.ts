import { type RedactionTarget, type Redactor, serialize, truncate } from "@llmdevops/dd-redaction";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { redactWithin } from "./bounded-redaction.ts";
import { jsonValue } from "./json-value.ts";
import { safeEntries, safeText } from "./safe-read.ts";

/** What a span tag may hold after the guard. */
export type GuardedTagValue = string | number | boolean;

/** Attributes of an event or a link after the guard. */
export type GuardedAttributes = Record<string, GuardedTagValue | GuardedTagValue[]>;

/** dd-trace cuts longer values itself, without saying so (its encoder's limit, in UTF-16 code units). */
const maximumTagLength = 25_000;
/** The Agent cuts longer keys (pkg/trace/traceutil, MaxMetaKeyLen). */
const maximumKeyLength = 200;
/** Of one text in LLM Observability, whose events hold 5 MiB at most. */
const maximumContentLength = 1_000_000;
const maximumAttributes = 128;
const maximumRememberedKeys = 1_024;
const redactionFailed = "[REDACTION_FAILED]";

interface GuardedKey {
  readonly name: string;
  readonly isBlocked: boolean;
}

/**
 * The one way of a value into a span, a log record or an LLM Observability field: sensitive keys are
 * stopped, objects are serialised safely, text is redacted and then cut. It never throws and fails closed.
 */
export class TagGuard {
  readonly #redactor: Redactor;
  readonly #diagnostics: Diagnostics;
  /** The same few keys come again and again; one look-up says all about one. */
  readonly #keys = new Map<string, GuardedKey>();

  constructor(redactor: Redactor, diagnostics: Diagnostics) {
    this.#redactor = redactor;
    this.#diagnostics = diagnostics;
  }

  /** Guards a tag's key: redacted text of at most 200 characters. */
  key(key: string): string {
    return this.#guardedKey(key).name;
  }

  /**
   * Guards a tag's value: text of at most 25,000 characters, a number or a boolean.
   *
   * @returns `undefined` when there is nothing to set: for `undefined`, `null` and keys that are blocked.
   */
  value(
    key: string,
    value: unknown,
    target: RedactionTarget = "tags",
  ): GuardedTagValue | undefined {
    if (value === undefined || value === null) return undefined;
    try {
      return this.#value(key, value, target);
    } catch {
      this.#diagnostics.count("tag_guard_failed");
      return redactionFailed;
    }
  }

  /** Guards free text of at most 25,000 characters, for example an error message. */
  text(text: string, target: RedactionTarget = "tags"): string {
    try {
      return redactWithin(this.#redactor, safeText(text), target, maximumTagLength);
    } catch {
      this.#diagnostics.count("tag_guard_failed");
      return redactionFailed;
    }
  }

  /** Guards a structured value and keeps its structure: what can be written as JSON. */
  structure(value: unknown, target: RedactionTarget = "content"): unknown {
    return this.#closed(() =>
      typeof value === "string"
        ? redactWithin(this.#redactor, value, target, maximumContentLength)
        : jsonValue(this.#redactor.redactValue(value, target)),
    );
  }

  /** Guards the attributes of an event or a link, 128 at most; arrays of scalars stay arrays. */
  attributes(attributes: Readonly<Record<string, unknown>> | undefined): GuardedAttributes {
    const entries = safeEntries(attributes);
    if (entries.length > maximumAttributes) {
      this.#diagnostics.count("attributes_over_limit", entries.length - maximumAttributes);
    }
    const guarded: [string, GuardedTagValue | GuardedTagValue[]][] = [];
    for (const [key, value] of entries.slice(0, maximumAttributes)) {
      const result = this.#closed(() => this.#attribute(key, value));
      if (result !== undefined) guarded.push([this.key(key), result]);
    }
    return Object.fromEntries(guarded);
  }

  #closed<T>(guard: () => T): T | string {
    try {
      return guard();
    } catch {
      this.#diagnostics.count("tag_guard_failed");
      return redactionFailed;
    }
  }

  #guardedKey(key: string): GuardedKey {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const text = safeText(key);
    let guarded: GuardedKey;
    try {
      const name = redactWithin(this.#redactor, text, "tags", maximumKeyLength);
      guarded = { name, isBlocked: this.#redactor.shouldBlock(text) };
    } catch {
      this.#diagnostics.count("tag_guard_failed");
      return { name: redactionFailed, isBlocked: true };
    }
    if (this.#keys.size < maximumRememberedKeys && text.length <= maximumKeyLength) {
      this.#keys.set(text, guarded);
    }
    return guarded;
  }

  #attribute(key: string, value: unknown): GuardedTagValue | GuardedTagValue[] | undefined {
    if (!Array.isArray(value) || this.#guardedKey(key).isBlocked) return this.value(key, value);
    return value.slice(0, maximumAttributes).flatMap((item) => this.value(key, item) ?? []);
  }

  #value(key: string, value: unknown, target: RedactionTarget): GuardedTagValue | undefined {
    if (this.#guardedKey(key).isBlocked) {
      const replaced = this.#redactor.redactEntry(safeText(key), value, target);
      return typeof replaced === "string" ? truncate(replaced, maximumTagLength) : undefined;
    }
    switch (typeof value) {
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "string":
        return redactWithin(this.#redactor, value, target, maximumTagLength);
      default:
        return this.#serialized(value, target);
    }
  }

  #serialized(value: unknown, target: RedactionTarget): string {
    if (value instanceof Date) {
      return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    }
    if (typeof value === "bigint") {
      return redactWithin(this.#redactor, value.toString(), target, maximumTagLength);
    }
    return serialize(this.#redactor.redactValue(value, target), { maxLength: maximumTagLength });
  }
}
