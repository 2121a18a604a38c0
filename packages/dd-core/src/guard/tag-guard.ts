import { type RedactionTarget, type Redactor, serialize, truncate } from "@llmdevops/dd-redaction";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";

/** What a span tag may hold after the guard. */
export type GuardedTagValue = string | number | boolean;

/** Attributes of an event or a link after the guard. */
export type GuardedAttributes = Record<string, GuardedTagValue | GuardedTagValue[]>;

/** dd-trace cuts longer values itself, without saying so (its encoder's limit, in UTF-16 code units). */
const maximumTagLength = 25_000;
/** The Agent cuts longer keys (pkg/trace/traceutil, MaxMetaKeyLen). */
const maximumKeyLength = 200;
const maximumAttributes = 128;
const redactionFailed = "[REDACTION_FAILED]";

/**
 * The one way of a value into a span, a log record or an LLM Observability field: sensitive keys are
 * stopped, objects are serialised safely, text is redacted and then cut. It never throws and fails closed.
 */
export class TagGuard {
  readonly #redactor: Redactor;
  readonly #diagnostics: Diagnostics;

  constructor(redactor: Redactor, diagnostics: Diagnostics) {
    this.#redactor = redactor;
    this.#diagnostics = diagnostics;
  }

  /** Guards a tag's key. */
  key(key: string): string {
    const redacted = this.text(String(key), "tags");
    return redacted.length > maximumKeyLength ? redacted.slice(0, maximumKeyLength) : redacted;
  }

  /** Guards a tag's value; `undefined` means that there is nothing to set. */
  value(
    key: string,
    value: unknown,
    target: RedactionTarget = "tags",
  ): GuardedTagValue | undefined {
    try {
      if (value === undefined || value === null) return undefined;
      if (this.#redactor.shouldBlock(key)) {
        const replaced = this.#redactor.redactEntry(key, value, target);
        return typeof replaced === "string" ? replaced : undefined;
      }
      switch (typeof value) {
        case "boolean":
          return value;
        case "number":
          return Number.isFinite(value) ? value : String(value);
        case "string":
          return truncate(this.#redactor.redact(value, target), maximumTagLength);
        default:
          return this.#serialized(value, target);
      }
    } catch {
      this.#diagnostics.count("tag_guard_failed");
      return redactionFailed;
    }
  }

  /** Guards free text, for example an error message. */
  text(text: string, target: RedactionTarget = "tags"): string {
    try {
      return truncate(this.#redactor.redact(text, target), maximumTagLength);
    } catch {
      this.#diagnostics.count("tag_guard_failed");
      return redactionFailed;
    }
  }

  /** Guards a structured value and keeps its structure: plain objects, arrays, scalars. */
  structure(value: unknown, target: RedactionTarget = "content"): unknown {
    try {
      return this.#redactor.redactValue(value, target);
    } catch {
      this.#diagnostics.count("tag_guard_failed");
      return redactionFailed;
    }
  }

  /** Guards the attributes of an event or a link; arrays of scalars stay arrays. */
  attributes(attributes: Readonly<Record<string, unknown>> | undefined): GuardedAttributes {
    const guarded: GuardedAttributes = {};
    if (attributes === undefined || attributes === null) return guarded;
    let count = 0;
    for (const [key, value] of safeEntries(attributes)) {
      count += 1;
      if (count > maximumAttributes) {
        this.#diagnostics.count("attributes_over_limit");
        break;
      }
      const result =
        Array.isArray(value) && !this.#redactor.shouldBlock(key)
          ? value.slice(0, maximumAttributes).flatMap((item) => this.value(key, item) ?? [])
          : this.value(key, value);
      if (result !== undefined) guarded[this.key(key)] = result;
    }
    return guarded;
  }

  #serialized(value: unknown, target: RedactionTarget): string {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    if (typeof value === "bigint") return this.#redactor.redact(value.toString(), target);
    const text = serialize(this.#redactor.redactValue(value, target), {
      maxLength: maximumTagLength,
    });
    return truncate(text, maximumTagLength);
  }
}

/** The entries of an object whose getters or proxy traps may throw. */
export function safeEntries(source: Readonly<Record<string, unknown>>): [string, unknown][] {
  const entries: [string, unknown][] = [];
  let keys: string[];
  try {
    keys = Object.keys(source);
  } catch {
    return entries;
  }
  for (const key of keys) {
    try {
      entries.push([key, source[key]]);
    } catch {
      entries.push([key, "[unreadable]"]);
    }
  }
  return entries;
}
