import { randomBytes } from "node:crypto";
import type { Payload, PayloadKind, PayloadRoute } from "./payload.ts";

/** Files that wait for anybody. */
const suffix = ".payload";
/** Files that some process is sending. */
const claimedSuffix = ".sending";
/** Files that are being written. */
const partialSuffix = ".partial";
const longestHeader = 64 * 1024;
const kinds: readonly string[] = ["traces", "llmobs", "evaluations"];
const namePattern =
  /^(\d{13})-([0-9a-f]{12})-(\d{1,9})-(\d{1,12})-(\d{1,12})\.payload(\.sending)?$/;

/** What the name of a spool file says, so that the directory can be judged without opening anything. */
export interface SpoolEntry {
  readonly name: string;
  /** When it was written (ms since the epoch). */
  readonly time: number;
  /** The link that wrote it. */
  readonly writer: string;
  readonly items: number;
  readonly bytes: number;
  readonly claimed: boolean;
}

/** A token that tells the files of one link from those of every other. */
export function writerToken(): string {
  return randomBytes(6).toString("hex");
}

/** The name of a new file; names sort by age. */
export function spoolFileName(
  time: number,
  writer: string,
  count: number,
  items: number,
  bytes: number,
): string {
  return `${String(time).padStart(13, "0")}-${writer}-${count}-${items}-${bytes}${suffix}`;
}

/** The name of a file while it is being written. */
export function partialName(name: string): string {
  return `${name}${partialSuffix}`;
}

/** Whether a file has not been written to its end. */
export function isPartialName(name: string): boolean {
  return name.endsWith(`${suffix}${partialSuffix}`);
}

/** The name of a file while some process sends it. */
export function claimedName(name: string): string {
  return `${name}${claimedSuffix}`;
}

/** Reads a file name; `undefined` for a file that is not the spool's. */
export function parseSpoolName(name: string): SpoolEntry | undefined {
  const match = namePattern.exec(name);
  if (match === null) return undefined;
  const [, time, writer = "", , items, bytes, claimed] = match;
  return {
    name,
    time: Number(time),
    writer,
    items: Number(items),
    bytes: Number(bytes),
    claimed: claimed !== undefined,
  };
}

/** Writes a payload as one line of JSON and the body; no credential is part of it. */
export function encodeSpoolFile({ kind, items, route, body }: Payload): Buffer {
  const { path, method, headers, agentless } = route;
  const header = JSON.stringify({ version: 1, kind, items, path, method, headers, agentless });
  return Buffer.concat([Buffer.from(`${header}\n`), body]);
}

/**
 * Reads such a file; the address is not part of it, since whoever can write the directory must not decide where
 * telemetry and API keys go.
 *
 * @param urlFor Where a payload goes today.
 * @returns `undefined` where the content is damaged or has nowhere to go.
 */
export function decodeSpoolFile(
  content: Buffer,
  urlFor: (route: Pick<PayloadRoute, "path" | "agentless">) => string | undefined,
): Payload | undefined {
  const end = content.subarray(0, longestHeader).indexOf(10);
  if (end === -1) return undefined;
  try {
    const header: unknown = JSON.parse(content.subarray(0, end).toString());
    if (typeof header !== "object" || header === null) return undefined;
    const { version, kind, items, path, method, headers, agentless } = header as Record<
      string,
      unknown
    >;
    const isKnown = version === 1 && typeof kind === "string" && kinds.includes(kind);
    if (!isKnown || typeof path !== "string" || !path.startsWith("/")) return undefined;
    if (method !== "PUT" && method !== "POST") return undefined;
    if (typeof items !== "number" || !Number.isInteger(items) || items < 1) return undefined;
    if (typeof headers !== "object" || headers === null) return undefined;
    const direct = agentless === true;
    const url = urlFor({ path, agentless: direct });
    if (url === undefined) return undefined;
    const texts = Object.entries(headers).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    return {
      kind: kind as PayloadKind,
      items,
      body: content.subarray(end + 1),
      route: { url, path, method, headers: Object.fromEntries(texts), agentless: direct },
    };
  } catch {
    return undefined;
  }
}
