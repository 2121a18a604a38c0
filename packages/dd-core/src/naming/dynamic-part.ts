/** What makes a name differ from call to call. */
export type DynamicPart = "personal data" | "a UUID" | "a query" | "a number" | "an identifier";

/** Longer names are judged by their beginning. */
const inspectedLength = 200;
const separators = /([\s/:=#&,()]+)/;
/** Where a URL's query begins; a `?` in the place of a value is followed by a separator. */
const queryStart = /\?(?=[^\s/:=#&,()][^\s=]*=)/;
const uuid = /^[{]?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}[}]?$/i;

/**
 * Finds a value in a name that should be a tag instead: a number, a UUID, another long identifier, an e-mail address or
 * what the guard has put in the place of one, or a URL's query. Versions and models, as in `gpt-4o-2024-08-06`, are
 * none.
 */
export function dynamicPartOf(name: string): DynamicPart | undefined {
  let found: DynamicPart | undefined;
  scan(name, (part) => {
    found ??= part;
  });
  return found;
}

/** The name with `?` in the place of what differs from call to call, so that it can be shown. */
export function withoutDynamicParts(name: string): string {
  return scan(name, () => {});
}

/** What a word of a name is, if it is something that differs from call to call. */
export function dynamicWord(word: string, isInPath: boolean): DynamicPart | undefined {
  if (/@|%40|REDACTED\]/i.test(word)) return "personal data";
  if (uuid.test(word)) return "a UUID";
  // Short numbers outside of paths are rather part of a fixed name.
  if (/^\d+$/.test(word) && (isInPath || word.length > 3)) return "a number";
  return word.split(/[-_.~]/).some(isOpaque) ? "an identifier" : undefined;
}

/** Long, with letters and several digits in no order of a word. */
function isOpaque(piece: string): boolean {
  return piece.length >= 16 && /[a-z]/i.test(piece) && piece.replace(/\D/g, "").length >= 3;
}

function scan(name: string, onFound: (part: DynamicPart) => void): string {
  // The account in the ARN of a model or queue is always the same.
  if (name.startsWith("arn:")) return name;
  const [text = "", query] = name.slice(0, inspectedLength).split(queryStart, 2);
  if (query !== undefined) onFound("a query");
  let before = "";
  const words = text.split(separators).map((word, index) => {
    if (index % 2 === 1) {
      before = word;
      return word;
    }
    const part = dynamicWord(word, before.endsWith("/"));
    if (part === undefined) return word;
    onFound(part);
    return "?";
  });
  return query === undefined ? words.join("") : `${words.join("")}?…`;
}
