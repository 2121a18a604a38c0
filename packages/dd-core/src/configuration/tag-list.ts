/**
 * Parses `DD_TAGS`: `key:value` pairs separated by commas or, where there is no comma, by white space.
 *
 * A pair without a key is skipped, a key without a value gets the empty text, the last of several equal keys
 * wins, and a value may itself contain colons
 * (https://docs.datadoghq.com/tracing/trace_collection/library_config/).
 *
 * @returns A new object without a prototype, so that a key such as `__proto__` is only a key.
 * @example
 * ```ts
 * parseTagList("team:search,url:http://a"); // { team: "search", url: "http://a" }
 * ```
 */
export function parseTagList(text: string | undefined): Record<string, string> {
  const tags: Record<string, string> = Object.create(null);
  if (!text) return tags;
  for (const part of text.split(text.includes(",") ? "," : /\s+/)) {
    const pair = part.trim();
    const colon = pair.indexOf(":");
    const key = (colon === -1 ? pair : pair.slice(0, colon)).trim();
    if (key !== "") tags[key] = colon === -1 ? "" : pair.slice(colon + 1).trim();
  }
  return tags;
}
