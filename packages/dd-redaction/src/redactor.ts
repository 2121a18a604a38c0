import { readingOptions } from "./check-options.ts";
import { type Compiled, compile } from "./engine/compile.ts";
import type { Program } from "./engine/program.ts";
import { redactorOptionNames } from "./redactor-option-names.ts";
import type { RedactorOptions } from "./redactor-options.ts";
import { type RedactionReport, ReportCounter } from "./report.ts";
import type { RedactionTarget } from "./target.ts";
import { warnOfUnknownOptions } from "./unknown-options.ts";
import {
  dropped,
  redactionFailed,
  ValueRedaction,
  type ValueSettings,
} from "./values/redact-value.ts";

/** Takes personal data and credentials out of what leaves the process. Never throws. */
export interface Redactor {
  /**
   * Replaces what the rules find in a text.
   *
   * @param text Any text; JSON in it is understood.
   * @param target Where it goes. @default "tags"
   * @returns The redacted text, or the same string when nothing was found.
   */
  redact(text: string, target?: RedactionTarget): string;
  /**
   * Copies a value and redacts every string, key and sensitive entry in it, within the limits.
   *
   * @param value Anything; it is not changed.
   * @param target Where it goes. @default "tags"
   */
  redactValue(value: unknown, target?: RedactionTarget): unknown;
  /**
   * Redacts a value in the knowledge of its key.
   *
   * @returns `undefined` where the key is to be left out (`block`).
   */
  redactEntry(key: string, value: unknown, target?: RedactionTarget): unknown;
  /** Whether a key is sensitive: its value must not leave, whatever it is. */
  shouldBlock(key: string): boolean;
  /** Counts so far, without values. */
  report(): RedactionReport;
}

const sensitiveValue = "[REDACTED]";

class RuleRedactor implements Redactor {
  readonly #compiled: Compiled;
  readonly #counter: ReportCounter;
  readonly #settings = new Map<RedactionTarget, ValueSettings>();

  constructor(compiled: Compiled, counter: ReportCounter) {
    this.#compiled = compiled;
    this.#counter = counter;
  }

  redact(text: string, target: RedactionTarget = "tags"): string {
    const program = this.#compiled.programs[target] ?? this.#compiled.programs.tags;
    return this.#run(program, text);
  }

  redactValue(value: unknown, target: RedactionTarget = "tags"): unknown {
    if (typeof value === "string") return this.redact(value, target);
    if (typeof value === "boolean" || value === undefined || value === null) return value;
    return new ValueRedaction(this.#settingsOf(target)).redact(value);
  }

  redactEntry(key: string, value: unknown, target: RedactionTarget = "tags"): unknown {
    const byKey = this.#byKey(key, value);
    if (byKey === undefined) return this.redactValue(value, target);
    return byKey.value === dropped ? undefined : byKey.value;
  }

  shouldBlock(key: string): boolean {
    // What is no text cannot be judged: it must not pass.
    return typeof key !== "string" || this.#compiled.keyRules.isSensitive(key);
  }

  report(): RedactionReport {
    return this.#counter.report();
  }

  #run(program: Program, text: string): string {
    try {
      return program.redact(text);
    } catch (error) {
      this.#compiled.onFailure(error);
      return redactionFailed;
    }
  }

  #settingsOf(target: RedactionTarget): ValueSettings {
    const known = this.#settings.get(target);
    if (known !== undefined) return known;
    const program = this.#compiled.programs[target] ?? this.#compiled.programs.tags;
    const settings: ValueSettings = {
      limits: this.#compiled.limits,
      redactText: (text) => this.#run(program, text),
      redactByKey: (key, value) => this.#byKey(key, value),
      isSensitiveKey: (key) => this.#compiled.keyRules.isSensitive(key),
      onLimit: (limit) => this.#counter.limit(limit),
      onFailure: (cause) => this.#counter.failure(cause),
    };
    // Anything else than the four targets must not let the map grow.
    if (target in this.#compiled.programs) this.#settings.set(target, settings);
    return settings;
  }

  #byKey(key: string, value: unknown): { readonly value: unknown } | undefined {
    const policy = typeof key === "string" ? this.#compiled.policyOf(key) : "replace";
    if (policy === "redact") return undefined;
    if (policy === "keep") return { value };
    if (value === null || value === undefined) return undefined;
    this.#counter.key();
    if (policy === "block") return { value: dropped };
    return { value: policy === "replace" ? sensitiveValue : this.#compiled.restyle(policy, value) };
  }
}

const compiledRedactors = new WeakMap<Redactor, Compiled>();

/** What a redactor runs, for the stream redactor; undefined for a foreign implementation. */
export function compiledOf(redactor: Redactor): Compiled | undefined {
  return compiledRedactors.get(redactor);
}

/**
 * Creates a redactor.
 *
 * @param options See {@link RedactorOptions}.
 * @throws {RedactionConfigurationError} An option is wrong: an unknown rule or preset, a pattern
 *   that could backtrack catastrophically, `hash` without a key.
 * @example
 * ```ts
 * import { createRedactor } from "@llmdevops/dd-redaction";
 *
 * const redactor = createRedactor();
 * redactor.redact("mail ada@example.com"); // "mail [EMAIL_REDACTED]"
 * redactor.shouldBlock("user.password"); // true
 * redactor.shouldBlock("llm.input_tokens"); // false
 * ```
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const counter = new ReportCounter();
  const compiled = readingOptions(options, () => compile(options, counter));
  warnOfUnknownOptions(options, redactorOptionNames);
  const redactor = new RuleRedactor(compiled, counter);
  compiledRedactors.set(redactor, compiled);
  return redactor;
}
