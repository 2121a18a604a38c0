import { createHash } from "node:crypto";

/**
 * dd-trace sends the session id in the header `x-datadog-tags`, which holds 512 bytes of all tags together, and leaves
 * the whole header away, trace id and sampling decision included, when one value has a comma or is no ASCII.
 */
const maximumLength = 128;
const refused = /[^\x20-\x2b\x2d-\x7e]/g;
const keptLength = 64;
const hashLength = 16;

/** The id itself where it can travel, else one in its place: the same for equal ids, different for different ones. */
export function portableSessionId(id: string): string {
  if (id.length <= maximumLength && id.search(refused) === -1) return id;
  const hash = createHash("sha256").update(id, "utf8").digest("hex").slice(0, hashLength);
  return `${id.slice(0, keptLength).replaceAll(refused, "_")}-${hash}`;
}
