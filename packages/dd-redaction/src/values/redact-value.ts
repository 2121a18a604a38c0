import { describeBinary, describeFunction, kindOf } from "./plain-value.ts";
import type { ResolvedLimits } from "./value-limits.ts";

/** What walking a value needs from the redactor. */
export interface ValueSettings {
  readonly limits: ResolvedLimits;
  readonly redactText: (text: string) => string;
  /** The value under a key, or `dropped`; `undefined` when the key has no say. */
  readonly redactByKey: (key: string, value: unknown) => { readonly value: unknown } | undefined;
  readonly isSensitiveKey: (key: string) => boolean;
  readonly onLimit: (limit: string) => void;
  readonly onFailure: (cause: string) => void;
}

/** Stands for a property that is left out. */
export const dropped: unique symbol = Symbol("dropped");

/** What replaces a value that could not be read or redacted. */
export const redactionFailed = "[REDACTION_FAILED]";

/** Copies one value and redacts it on the way; never changes the original. */
export class ValueRedaction {
  readonly #settings: ValueSettings;
  readonly #ancestors: object[] = [];
  #nodes = 0;
  #characters = 0;

  constructor(settings: ValueSettings) {
    this.#settings = settings;
  }

  /** The redacted copy. Does not throw. */
  redact(value: unknown): unknown {
    try {
      return this.#any(value);
    } catch {
      this.#settings.onFailure("unreadable_value");
      return redactionFailed;
    }
  }

  /** The redacted value of one entry. */
  redactEntry(key: string, value: unknown): unknown {
    const byKey = this.#settings.redactByKey(key, value);
    return byKey === undefined ? this.redact(value) : byKey.value;
  }

  #any(value: unknown): unknown {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return this.#number(value);
      case "bigint":
        return this.#number(value);
      case "symbol":
        return this.#text(value.toString());
      case "function":
        return this.#text(describeFunction(value));
      case "object":
        return value === null ? null : this.#object(value);
      default:
        return value;
    }
  }

  #text(text: string): string {
    this.#characters += text.length;
    if (this.#characters > this.#settings.limits.maxCharacters) {
      this.#settings.onLimit("characters");
      return `[TRUNCATED: ${text.length} characters]`;
    }
    return this.#settings.redactText(text);
  }

  /** A card or social security number may well be a number. */
  #number(value: number | bigint): unknown {
    if (typeof value === "number" && (Math.abs(value) < 1e8 || !Number.isSafeInteger(value))) {
      return value;
    }
    const text = String(value);
    const redacted = this.#text(text);
    return redacted === text ? value : redacted;
  }

  #object(value: object): unknown {
    const { limits } = this.#settings;
    if (this.#ancestors.includes(value)) return "[Circular]";
    if (this.#ancestors.length >= limits.maxDepth) return this.#cut("depth");
    if (++this.#nodes > limits.maxNodes) return this.#cut("nodes");
    this.#ancestors.push(value);
    try {
      return this.#byKind(value);
    } finally {
      this.#ancestors.pop();
    }
  }

  #cut(limit: string): string {
    this.#settings.onLimit(limit);
    return `[TRUNCATED: ${limit}]`;
  }

  #byKind(value: object): unknown {
    switch (kindOf(value)) {
      case "array":
        return this.#list(value as readonly unknown[]);
      case "map":
        return this.#map(value as ReadonlyMap<unknown, unknown>);
      case "set":
        return new Set(this.#list([...this.#first(value as ReadonlySet<unknown>)]));
      case "date":
        return new Date(Number(value));
      case "error":
        return this.#error(value as Error);
      case "binary":
        return describeBinary(value);
      case "text":
        return this.#text(String(value));
      case "entries":
        return this.#entries([...this.#first(value as Iterable<[string, unknown]>)]);
      default:
        return this.#plain(value);
    }
  }

  *#first<Item>(items: Iterable<Item>): Generator<Item> {
    let count = 0;
    for (const item of items) {
      // One more than allowed, so that the list notices that something is missing.
      if (count++ > this.#settings.limits.maxWidth) return;
      yield item;
    }
  }

  #list(items: readonly unknown[]): unknown[] {
    const { maxWidth } = this.#settings.limits;
    const length = Math.min(items.length, maxWidth);
    const copy: unknown[] = [];
    for (let index = 0; index < length; index++) {
      copy.push(this.redact(read(items, index, unreadable)));
    }
    if (items.length > maxWidth) {
      this.#settings.onLimit("width");
      copy.push("[TRUNCATED: width]");
    }
    return copy;
  }

  #map(map: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>();
    for (const [key, value] of this.#first(map)) {
      if (copy.size >= this.#settings.limits.maxWidth) {
        this.#settings.onLimit("width");
        break;
      }
      const redacted = typeof key === "string" ? this.redactEntry(key, value) : this.redact(value);
      if (redacted !== dropped) copy.set(this.redact(key), redacted);
    }
    return copy;
  }

  #entries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const [key, value] of entries) this.#define(copy, String(key), value);
    return copy;
  }

  #define(copy: object, key: string, value: unknown, sensitiveName = key): void {
    const redacted = this.redactEntry(sensitiveName, value);
    if (redacted === dropped) return;
    let name = this.#settings.redactText(key);
    // Two different addresses as keys must not become one entry.
    for (let copies = 2; name !== key && Object.hasOwn(copy, name); copies++) {
      name = `${this.#settings.redactText(key)}#${copies}`;
    }
    // Defined, not assigned: `__proto__` must become a property like any other.
    Object.defineProperty(copy, name, {
      value: redacted,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }

  #error(error: Error): Error {
    const text = (property: keyof Error): string => {
      const value = read(error, property, undefined);
      return typeof value === "string" ? this.#text(value) : "";
    };
    const copy = new Error(text("message"));
    for (const [name, value] of [
      ["name", text("name")],
      ["stack", text("stack")],
    ] as const) {
      Object.defineProperty(copy, name, { value, configurable: true, writable: true });
    }
    for (const key of ["cause", "errors"]) {
      const value = read(error, key, undefined);
      if (value === undefined) continue;
      Object.defineProperty(copy, key, {
        value: this.redact(value),
        configurable: true,
        writable: true,
      });
    }
    const known = new Set(["name", "message", "stack", "cause", "errors"]);
    for (const key of Object.keys(error).slice(0, this.#settings.limits.maxWidth)) {
      if (known.has(key)) continue;
      this.#define(copy, key, read(error, key, unreadable));
    }
    return copy;
  }

  #plain(value: object): unknown {
    const toJson = read(value, "toJSON", undefined);
    if (typeof toJson === "function") {
      const json: unknown = toJson.call(value, "");
      if (json !== value) return this.#any(json);
    }
    const { maxWidth } = this.#settings.limits;
    const keys = Object.keys(value);
    const copy: Record<string, unknown> = {};
    const name = this.#sensitiveName(value);
    for (const key of keys.length > maxWidth ? keys.slice(0, maxWidth) : keys) {
      this.#define(copy, key, read(value, key, unreadable), key === "value" ? name : undefined);
    }
    if (keys.length > maxWidth) {
      this.#settings.onLimit("width");
      copy["[TRUNCATED]"] = `${keys.length - maxWidth} more keys`;
    }
    return copy;
  }

  /** `{ name: "authorization", value: "…" }` is an entry, as header lists and forms write it. */
  #sensitiveName(value: object): string | undefined {
    for (const key of ["name", "key", "header"]) {
      const name = read(value, key, undefined);
      if (typeof name === "string" && this.#settings.isSensitiveKey(name)) return name;
    }
    return undefined;
  }
}

const unreadable = redactionFailed;

/** A property, or `fallback` when reading it throws. */
function read(holder: object, key: PropertyKey, fallback: unknown): unknown {
  try {
    return Reflect.get(holder, key);
  } catch {
    return fallback;
  }
}
