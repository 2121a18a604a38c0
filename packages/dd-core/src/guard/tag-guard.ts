import { type RedactionTarget, type Redactor, serialize, truncate } from "@llmdevops/dd-redaction";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { SpanNames } from "../naming/span-names.ts";
import { redactWithin } from "./bounded-redaction.ts";
import { type GuardedKey, GuardedKeys } from "./guarded-keys.ts";
import { jsonValue } from "./json-value.ts";
import { safeEntries, safeText } from "./safe-read.ts";

/** What a span tag may hold after the guard. */
export type GuardedTagValue = string | number | boolean;

/** Attributes of an event or a link after the guard. */
export type GuardedAttributes = Record<string, GuardedTagValue | GuardedTagValue[]>;

/** dd-trace cuts longer values itself, without saying so (its encoder's limit, in UTF-16 code units). */
const maximumTagLength = 25_000;
/** Of one text in LLM Observability, whose events hold 5 MiB at most. */
const maximumContentLength = 1_000_000;
const maximumAttributes = 128;
const maximumRememberedNames = 1_024;
const maximumNameLength = 200;
const maximumHarmlessLength = 64;
const maximumHarmlessOthers = 32;
const redactionFailed = "[REDACTION_FAILED]";

/** Whether a value that is no text may stay as it is. */
function isSettled({ isPlain }: GuardedKey, value: unknown): boolean {
  return (
    isPlain && (typeof value === "number" ? Number.isFinite(value) : typeof value === "boolean")
  );
}

function remember(key: GuardedKey, value: string): void {
  if (value.length > maximumHarmlessLength) return;
  if (key.harmless !== undefined) {
    key.harmlessOthers ??= new Set();
    // Begun anew when it is full: the ids of runs that are under way come again, those of ended ones do not.
    if (key.harmlessOthers.size >= maximumHarmlessOthers) key.harmlessOthers.clear();
    key.harmlessOthers.add(value);
  }
  key.harmless = value;
}

/**
 * The one way of a value into a span, a log record or an LLM Observability field: sensitive keys are
 * stopped, objects are serialised safely, text is redacted and then cut. It never throws and fails closed.
 */
export class TagGuard {
  readonly #redactor: Redactor;
  readonly #diagnostics: Diagnostics;
  readonly #names: SpanNames | undefined;
  readonly #keys: GuardedKeys;
  /** Names in which nothing was found; spans have few different ones. */
  readonly #harmlessNames = new Set<string>();

  /**
   * Makes a guard that counts what fails in it.
   *
   * @param names Looks at the names of spans, their resources and `peer.service`. @default nobody does
   */
  constructor(redactor: Redactor, diagnostics: Diagnostics, names?: SpanNames) {
    this.#redactor = redactor;
    this.#names = names;
    this.#diagnostics = diagnostics;
    this.#keys = new GuardedKeys(redactor, () => diagnostics.count("tag_guard_failed"));
  }

  /** Guards a tag's key: redacted text of at most 200 characters. */
  key(key: string): string {
    return this.#keys.of(key).name;
  }

  /** Guards the name of a span: as {@link text}, and quick for one that comes again. */
  spanName(name: string): string {
    if (this.#harmlessNames.has(name)) return name;
    const guarded = this.text(name);
    this.#names?.note("operation", guarded);
    const isHarmless = guarded === name && name.length <= maximumNameLength;
    if (isHarmless && this.#harmlessNames.size < maximumRememberedNames) {
      this.#harmlessNames.add(name);
    }
    return guarded;
  }

  /**
   * Guards the tags of an object in place.
   *
   * @param tags An object of this package's own, of which nobody else knows.
   * @param limit Most tags that there may be.
   * @returns `undefined` where a tag must go or be renamed, or holds an object; some tags are guarded then. Otherwise
   *   whether one of them says what is to be done, and does not only describe a span.
   */
  guardInPlace(tags: Record<string, unknown>, limit: number): boolean | undefined {
    let guardedKey: GuardedKey | undefined;
    let instructs = false;
    let left = limit;
    // An inherited key is not asked for at each turn, which would take half of the time: it changes nothing below.
    for (const key in tags) {
      if (left === 0) return undefined;
      left -= 1;
      const value = tags[key];
      if (value === undefined || typeof value === "object") return undefined;
      guardedKey = this.#keys.after(guardedKey, key);
      if (guardedKey.isInstructing) instructs = true;
      if (
        typeof value === "string" ? value === guardedKey.harmless : isSettled(guardedKey, value)
      ) {
        continue;
      }
      if (guardedKey.name !== key) return undefined;
      const guarded = this.#tagValue(guardedKey, key, value);
      if (guarded === undefined) return undefined;
      if (guarded !== value && Object.hasOwn(tags, key)) tags[key] = guarded;
    }
    return instructs;
  }

  /** Guards a tag and writes it to the tags that a span is to start with. Never throws. */
  writeTag(tags: Record<string, unknown>, key: string, value: unknown): void {
    if (value === undefined || value === null) return;
    const guardedKey = this.#keys.of(key);
    const guarded = this.#tagValue(guardedKey, key, value);
    if (guarded !== undefined) tags[guardedKey.name] = guarded;
  }

  /** Guards a tag and sets it on a span. @throws What the span throws. */
  setTag(
    span: { setTag(key: string, value: GuardedTagValue): unknown },
    key: string,
    value: unknown,
  ): void {
    if (value === undefined || value === null) return;
    const guardedKey = this.#keys.of(key);
    const guarded = this.#tagValue(guardedKey, key, value);
    if (guarded !== undefined) span.setTag(guardedKey.name, guarded);
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
    const guardedKey = this.#keys.of(key);
    if (value === guardedKey.harmless && target === "tags") return guardedKey.harmless;
    return this.#value(guardedKey, key, value, target);
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

  #attribute(key: string, value: unknown): GuardedTagValue | GuardedTagValue[] | undefined {
    if (!Array.isArray(value) || this.#keys.of(key).isBlocked) return this.value(key, value);
    return value.slice(0, maximumAttributes).flatMap((item) => this.value(key, item) ?? []);
  }

  /** A value in the form that a tag of the name must have; `undefined` where the name is that of no tag. */
  #tagValue(key: GuardedKey, given: string, value: unknown): GuardedTagValue | undefined {
    if (value === key.harmless) return key.harmless;
    if (typeof value === "string" && key.harmlessOthers?.has(value) === true) return value;
    const guarded = this.#value(key, given, value, "tags");
    if (guarded === undefined || key.isNoTag) return undefined;
    if (key.watchedFor !== undefined) this.#watch(key.watchedFor, String(guarded));
    if (guarded === value && typeof value === "string" && key.name === given) remember(key, value);
    return key.isText && typeof guarded !== "string" ? String(guarded) : guarded;
  }

  #watch(purpose: "resource" | "dependency", value: string): void {
    if (purpose === "dependency") this.#names?.noteDependency(value);
    else this.#names?.note("resource", value);
  }

  #value(
    key: GuardedKey,
    given: string,
    value: unknown,
    target: RedactionTarget,
  ): GuardedTagValue | undefined {
    try {
      if (key.isBlocked) return this.#blocked(given, value, target);
      switch (typeof value) {
        case "string":
          return redactWithin(this.#redactor, value, target, maximumTagLength);
        case "number":
          return Number.isFinite(value) ? value : String(value);
        case "boolean":
          return value;
        default:
          return this.#serialized(value, target);
      }
    } catch {
      this.#diagnostics.count("tag_guard_failed");
      return redactionFailed;
    }
  }

  #blocked(key: string, value: unknown, target: RedactionTarget): string | undefined {
    const replaced = this.#redactor.redactEntry(safeText(key), value, target);
    return typeof replaced === "string" ? truncate(replaced, maximumTagLength) : undefined;
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
