import { hasJoiner, hasPairSign, hasSpace } from "../detection/character-features.ts";
import { asciiTable, isIn } from "../detection/characters.ts";
import { addMatch, type MatchList } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";
import { keySegments } from "../keys/segments.ts";
import { bracketedEnd } from "./json-value.ts";
import { type KeyTest, type PairKey, pairKeyBefore } from "./pair-key.ts";
import { contentEnd, openingQuote, type Quote } from "./quoted-text.ts";
import { isBareSecret, isQuotedSecret } from "./secret-value.ts";
import type { WordAnchor } from "./word-scanner.ts";

/** What the scanner of `key: value` pairs needs to know. */
export interface SecretPairSettings {
  /** Rule of a pair. */
  readonly rule: number;
  /** The same rule where the replacement has to bring its own quotes, by backslashes in front. */
  readonly quotedRules: readonly number[];
  /** Rule of a pair whose key speaks of Datadog. */
  readonly datadogRule: number;
  /** Which keys are sensitive. */
  readonly keys: KeyTest;
}

const valueEnd = asciiTable(/[\s"'`<>,;&)\]}|\\]/);
const schemeAndToken =
  /(?:bearer|basic|digest|token|apikey|negotiate|aws4-hmac-sha256)[ \t]{1,4}([^\s"'`\\,]{6,}(?:,[ \t]{0,4}[^\s"'`\\,]+)*)/iy;
const flag = /--([A-Za-z][\w-]{1,40})[ \t]{1,4}(?!-)/y;
const passwordIs = /[Pp]ass(?:word|code|phrase) is /y;
const headerLine = /[^\r\n"'`\\]*/y;
/** Longest value without a secret that is searched for pairs again, to stay linear. */
const longestSearchedValue = 256;
const datadogWords = new Set(["dd", "datadog"]);

/** Finds the value of one pair; records it and returns where the search goes on. */
class PairScan {
  readonly #settings: SecretPairSettings;
  readonly #text: string;
  readonly #matches: MatchList;

  constructor(settings: SecretPairSettings, text: string, matches: MatchList) {
    this.#settings = settings;
    this.#text = text;
    this.#matches = matches;
  }

  /** Every pair joined by `sign`. */
  all(sign: ":" | "="): void {
    let at = this.#text.indexOf(sign);
    while (at !== -1) {
      const key = pairKeyBefore(this.#text, at, this.#settings.keys);
      const end = key === undefined ? at + 1 : Math.max(at + 1, this.#value(key, at + 1));
      at = this.#text.indexOf(sign, end);
    }
  }

  /** `--password …` and `--api-key …` of command lines. */
  flags(): void {
    let at = this.#text.indexOf("--");
    while (at !== -1) {
      flag.lastIndex = at;
      const name = flag.exec(this.#text)?.[1];
      const end = name === undefined ? at + 2 : flag.lastIndex;
      if (name !== undefined && this.#settings.keys.isSensitive(name)) {
        this.#unsigned(name, end, true);
      }
      at = this.#text.indexOf("--", end);
    }
  }

  /** The value of "My password is …", which begins at `start`. */
  sentence(start: number): number {
    this.#unsigned("password", start, false);
    return start;
  }

  #unsigned(name: string, start: number, attached: boolean): void {
    const quote = openingQuote(this.#text, start);
    const key = { name, quoted: false, backslashes: 0 };
    if (quote !== undefined) this.#quoted(key, quote);
    else this.#bare(key, start, attached);
  }

  #value(key: PairKey, afterSign: number): number {
    const text = this.#text;
    let start = afterSign;
    // `=>` and `:=` join too; `==`, `::` and `//` do not.
    const next = text.charCodeAt(start);
    if (next === 62 || (next === 61 && text.charCodeAt(start - 1) === 58)) start++;
    else if (next === 61 || next === 58 || text.startsWith("//", start)) return start + 1;
    const limit = start + 16;
    while (start < limit && isPadding(text.charCodeAt(start), key.quoted)) start++;
    const quote = openingQuote(text, start);
    if (quote !== undefined) return this.#quoted(key, quote);
    if (key.quoted) return this.#jsonLiteral(key, start);
    return this.#bare(key, start, start === afterSign);
  }

  #quoted(key: PairKey, quote: Quote): number {
    let end = contentEnd(this.#text, quote);
    if (end === -1) {
      const line = this.#text.indexOf("\n", quote.contentStart);
      end = key.quoted || line === -1 ? this.#text.length : line;
    }
    if (isQuotedSecret(this.#text.slice(quote.contentStart, end))) {
      addMatch(this.#matches, quote.contentStart, end, this.#rule(key));
    }
    return end;
  }

  /** A number, object or array under a quoted key: the replacement must stay valid JSON. */
  #jsonLiteral(key: PairKey, start: number): number {
    const code = this.#text.charCodeAt(start);
    let end = start;
    if (code === 123 || code === 91) end = bracketedEnd(this.#text, start);
    else while (/[-+.\deE]/.test(this.#text[end] ?? "")) end++;
    if (end === start || !/[^\s[\]{}]/.test(this.#text.slice(start, end))) return end;
    const label = this.#text.slice(start, Math.min(end, start + 24));
    if (/^\[[A-Z_]+(?::[0-9a-f]+)?\]/.test(label)) return end;
    const level = Math.min(key.backslashes, this.#settings.quotedRules.length - 1);
    addMatch(this.#matches, start, end, this.#settings.quotedRules[level] ?? this.#settings.rule);
    return end;
  }

  #bare(key: PairKey, start: number, attached: boolean): number {
    const text = this.#text;
    if (key.name.toLowerCase().endsWith("authorization")) {
      const end = this.#scheme(key, start);
      if (end !== -1) return end;
    }
    if (/cookie$/i.test(key.name)) return this.#cookies(key, start);
    let end = start;
    while (end < text.length && !isIn(valueEnd, text.charCodeAt(end))) end++;
    while (end > start && /[.:!?]/.test(text[end - 1] ?? "")) end--;
    const value = text.slice(start, end);
    const isCounter = /token$/i.test(key.name);
    // A call continues behind the bracket that ended the word.
    if (isBareSecret(value, attached, isCounter, (name) => this.#settings.keys.isSensitive(name))) {
      addMatch(this.#matches, start, end, this.#rule(key));
      return end;
    }
    // `authorization: password=…`: the value may be a pair itself. A long one would cost too much.
    return end - start > longestSearchedValue ? end : start;
  }

  /** `Bearer …`, `Digest …`: the scheme stays. Returns -1 when there is none. */
  #scheme(key: PairKey, start: number): number {
    schemeAndToken.lastIndex = start;
    const token = schemeAndToken.exec(this.#text)?.[1];
    if (token === undefined) return -1;
    const end = schemeAndToken.lastIndex;
    const secret = token.replace(/[.,:;!?)\]}]+$/, "");
    if (isQuotedSecret(secret) && isQuotedSecret(token)) {
      const from = end - token.length;
      addMatch(this.#matches, from, from + secret.length, this.#rule(key));
    }
    return end;
  }

  #cookies(key: PairKey, start: number): number {
    headerLine.lastIndex = start;
    headerLine.test(this.#text);
    const end = headerLine.lastIndex;
    const line = this.#text.slice(start, end);
    if (isQuotedSecret(line) && /^[\w!#$%&*+.^|~-]+=[^\s;]/.test(line))
      addMatch(this.#matches, start, end, this.#rule(key));
    return end;
  }

  #rule(key: PairKey): number {
    const { datadogRule, rule } = this.#settings;
    return datadogRule >= 0 && keySegments(key.name).some((word) => datadogWords.has(word))
      ? datadogRule
      : rule;
  }
}

function isPadding(code: number, lines: boolean): boolean {
  return code === 32 || code === 9 || (lines && (code === 10 || code === 13));
}

/**
 * `password=…`, `"token": "…"`, `x-api-key: …`: values under sensitive keys, in JSON text
 * (escaped JSON in JSON included), query strings, headers, environment files and code.
 */
export function createSecretPairScanner(settings: SecretPairSettings): Scanner {
  return {
    needs: hasPairSign | hasJoiner,
    minimumLength: 7,
    scan(text, matches) {
      const scan = new PairScan(settings, text, matches);
      scan.all(":");
      scan.all("=");
      scan.flags();
    },
  };
}

/** `My password is …`: the same rule where a sentence says it. */
export function passwordSentenceAnchor(settings: SecretPairSettings): WordAnchor {
  return {
    letters: "Pp",
    ahead: "ass(?:word|code|phrase) is ",
    needs: hasSpace,
    match(text, at, matches) {
      passwordIs.lastIndex = at;
      return passwordIs.test(text)
        ? new PairScan(settings, text, matches).sentence(passwordIs.lastIndex)
        : -1;
    },
  };
}
