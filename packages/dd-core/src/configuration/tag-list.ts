/**
 * Parses `DD_TAGS`: `key:value` pairs separated by commas or, where there is no comma, by spaces.
 *
 * A pair without a key is skipped; a value may itself contain colons
 * (https://docs.datadoghq.com/tracing/trace_collection/library_config/).
 */
export function parseTagList(text: string | undefined): Record<string, string> {
  const tags: Record<string, string> = Object.create(null);
  if (!text) return tags;
  const separator = text.includes(",") ? "," : " ";
  for (const part of text.split(separator)) {
    const pair = part.trim();
    const colon = pair.indexOf(":");
    const key = (colon === -1 ? pair : pair.slice(0, colon)).trim();
    if (key !== "") tags[key] = colon === -1 ? "" : pair.slice(colon + 1).trim();
  }
  return tags;
}
