import { readingOptions, refuse } from "../check-options.ts";
import { decodeAsciiEscapes, hasAsciiEscapes } from "../engine/ascii-escapes.ts";
import type { MatchRange } from "../engine/merge-ranges.ts";
import type { Program } from "../engine/program.ts";
import { RedactionConfigurationError } from "../redaction-configuration-error.ts";
import { compiledOf, createRedactor, type Redactor } from "../redactor.ts";
import type { RedactorOptions } from "../redactor-options.ts";
import { type RedactionTarget, redactionTargets } from "../target.ts";
import { redactionFailed } from "../values/redact-value.ts";
import { type Swallow, swallowFor } from "./swallow.ts";

/** Options of {@link createStreamRedactor}: those of a redactor, or a redactor. */
export interface StreamRedactorOptions extends RedactorOptions {
  /** A redactor to share; the other redactor options are then ignored. @default a new one */
  readonly redactor?: Redactor;
  /** Where the text goes. @default "content" */
  readonly target?: RedactionTarget;
  /**
   * Characters held back until what follows is known, 64 to 65536. Secrets of the built-in rules
   * show themselves within 512.
   *
   * @default 512
   */
  readonly lookBack?: number;
}

/** Redacts a text that arrives in pieces. Never throws after construction. */
export interface StreamRedactor {
  /** Takes a piece and returns what can be let go so far, possibly nothing. */
  push(chunk: string): string;
  /** Returns what was held back; afterwards a new text can begin. */
  end(): string;
}

const defaultLookBack = 512;
/** Emitted text that is kept to know what stands before the rest: a key and its sign. */
const contextLength = 128;
/** A secret of unknown end is not held longer than this many look-backs. */
const longestHeld = 16;

class WindowRedactor implements StreamRedactor {
  readonly #onFailure: (error: unknown) => void;
  readonly #program: Program;
  readonly #lookBack: number;
  #context = "";
  #pending = "";
  #swallow: Swallow | undefined;
  #failed = false;

  constructor(program: Program, lookBack: number, onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
    this.#program = program;
    this.#lookBack = lookBack;
  }

  push(chunk: string): string {
    if (this.#failed || typeof chunk !== "string") return "";
    this.#pending += this.#rest(chunk);
    // Half a window at a time, so that small pieces do not each cost a search.
    if (this.#pending.length < this.#lookBack * 1.5) return "";
    return this.#guarded(() => this.#release(this.#pending.length - this.#lookBack));
  }

  end(): string {
    const output = this.#failed ? "" : this.#guarded(() => this.#release(this.#pending.length));
    this.#context = "";
    this.#pending = "";
    this.#swallow = undefined;
    this.#failed = false;
    return output;
  }

  #guarded(release: () => string): string {
    try {
      return release();
    } catch (error) {
      // What follows may belong to what failed: nothing more of this text is let go.
      this.#failed = true;
      this.#pending = "";
      this.#onFailure(error);
      return redactionFailed;
    }
  }

  /** What a piece holds behind the secret that is being read over. */
  #rest(chunk: string): string {
    if (this.#swallow === undefined) return chunk;
    const rest = this.#swallow(chunk);
    if (rest === undefined) return "";
    this.#swallow = undefined;
    return rest;
  }

  #release(wanted: number): string {
    this.#decode();
    const base = this.#context.length;
    const text = this.#context + this.#pending;
    const ranges = this.#program.ranges(text).filter(({ end }) => end > base);
    const isLast = wanted === this.#pending.length;
    let cut = base + wanted;
    const straddling = isLast
      ? undefined
      : ranges.find(({ start, end }) => start < cut && end > cut);
    if (straddling !== undefined) {
      cut = Math.max(base, straddling.start);
      if (text.length - cut > this.#lookBack * longestHeld) {
        this.#swallow =
          straddling.end === text.length ? swallowFor(text, straddling.start) : undefined;
        cut = straddling.end;
      }
    }
    const output = this.#program.replaceRanges(text, clip(ranges, base, cut), base, cut);
    this.#context = text.slice(Math.max(0, cut - contextLength), cut);
    this.#pending = text.slice(cut);
    return output;
  }

  /** Decodes escapes of printable characters where that brings a secret to light. */
  #decode(): void {
    if (!hasAsciiEscapes(this.#pending)) return;
    const decoded = decodeAsciiEscapes(this.#pending);
    if (this.#program.ranges(this.#context + decoded).length > 0) this.#pending = decoded;
  }
}

/** The parts of ranges from `base` to `cut`; what lies before was let go as harmless. */
function clip(ranges: readonly MatchRange[], base: number, cut: number): MatchRange[] {
  return ranges
    .filter(({ start }) => start < cut)
    .map((range) => ({
      ...range,
      start: Math.max(range.start, base),
      end: Math.min(range.end, cut),
    }));
}

/**
 * Creates a redactor for a text that arrives in pieces, such as a streamed completion. What it lets
 * go is redacted as if the text had come whole, for secrets up to the look-back; longer ones are
 * replaced and read over to their end, in bounded memory.
 *
 * @throws {RedactionConfigurationError} An option is wrong.
 * @example
 * ```ts
 * import { createStreamRedactor } from "@llmdevops/dd-redaction";
 *
 * const stream = createStreamRedactor();
 * let text = stream.push("write to ada@exa");
 * text += stream.push("mple.com");
 * text += stream.end(); // "write to [EMAIL_REDACTED]"
 * ```
 */
export function createStreamRedactor(options: StreamRedactorOptions = {}): StreamRedactor {
  return readingOptions(options, () => streamRedactor(options));
}

function streamRedactor(options: StreamRedactorOptions): StreamRedactor {
  const { redactor = createRedactor(redactorOptions(options)), target = "content" } = options;
  const { lookBack = defaultLookBack } = options;
  if (!Number.isInteger(lookBack) || lookBack < 64 || lookBack > 65_536) {
    refuse("lookBack", "an integer from 64 to 65536", lookBack);
  }
  if (!redactionTargets.includes(target)) {
    refuse("target", `one of ${redactionTargets.join(", ")}`, target);
  }
  const compiled = compiledOf(redactor);
  const program = compiled?.programs[target];
  if (compiled === undefined || program === undefined) {
    throw new RedactionConfigurationError(
      "redactor must come from createRedactor. Set the option to one that does, or leave it out.",
    );
  }
  return new WindowRedactor(program, lookBack, compiled.onFailure);
}

/** The options without those that a redactor does not know. */
function redactorOptions(options: StreamRedactorOptions): RedactorOptions {
  const { redactor: _redactor, target: _target, lookBack: _lookBack, ...rest } = options;
  return rest;
}
