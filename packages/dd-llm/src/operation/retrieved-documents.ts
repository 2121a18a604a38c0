import { isRecord, jsonText, known, type UnknownRecord } from "../formats/unknown-record.ts";
import type { RetrievedDocument } from "./operation-span.ts";

/** Documents of one retrieval that are looked at. */
const maximumDocuments = 500;
const textFields = ["text", "pageContent", "content", "document", "snippet"] as const;

/**
 * Brings what a retriever gives into LLM Observability's document form: texts, objects with a text under its usual
 * names, or a list of either. Never throws; LLM Observability itself would refuse whatever is ill-typed.
 */
export function retrievedDocuments(output: unknown): RetrievedDocument[] {
  if (output === undefined || output === null) return [];
  try {
    const list = Array.isArray(output) ? output : listIn(output);
    return list.slice(0, maximumDocuments).map(readDocument);
  } catch {
    return [];
  }
}

function listIn(output: unknown): readonly unknown[] {
  if (!isRecord(output)) return [output];
  for (const key of ["documents", "results", "matches"]) {
    const list = output[key];
    if (Array.isArray(list)) return list;
  }
  return [output];
}

function readDocument(document: unknown): RetrievedDocument {
  if (typeof document === "string") return { text: document };
  if (!isRecord(document)) return { text: String(document) };
  const named = textFields.map((field) => document[field]).find((text) => typeof text === "string");
  const score = document["score"] ?? document["relevance_score"];
  return {
    text: typeof named === "string" ? named : jsonText(document),
    ...known({
      name: identityAt(document, "name") ?? identityAt(document, "title"),
      id: identityAt(document, "id"),
      score: typeof score === "number" && Number.isFinite(score) ? score : undefined,
    }),
  };
}

/** Ids are often numbers; LLM Observability takes text only. */
function identityAt(document: UnknownRecord, key: string): string | undefined {
  const value = document[key];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
