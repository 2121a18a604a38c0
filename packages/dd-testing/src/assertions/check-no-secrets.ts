import { createRedactor } from "@llmdevops/dd-redaction";
import type { Outcome } from "./outcome.ts";

/** What `toHaveNoSecrets` and `assertNoSecrets` look for. */
export interface NoSecretsOptions {
  /** Texts that must not appear anywhere, besides what the redactor knows. */
  readonly planted?: readonly string[];
}

interface Finding {
  readonly path: string;
  readonly reason: string;
}

const maximumFindings = 20;
const maximumDepth = 64;
/** Ids and times are long numbers, which look like cards and phones. */
const idFields =
  /(?:^|\.)(?:\w*[iI]d(?:Hex)?|start|startTime|startNs|duration\w*|timeUnixNano|trace_?id\w*|span_?id|parent_?id|_dd\.[\w.]*|dd\.\w+|runtime-id)$/;

/**
 * Whether a value, such as the spans of a client or an agent's logs, is free of what the redactor of
 * `@llmdevops/dd-redaction` would replace, and of texts that the test has planted. Whatever has methods to list
 * records (a mock client, a test agent) is searched in all of them.
 */
export function checkNoSecrets(value: unknown, options: NoSecretsOptions = {}): Outcome {
  const redactor = createRedactor();
  const planted = (options.planted ?? []).filter((text) => text !== "");
  const findings: Finding[] = [];
  const look = (text: string, path: string): void => {
    const known = planted.find((secret) => text.includes(secret));
    if (known !== undefined) findings.push({ path, reason: "holds a planted text" });
    else if (!idFields.test(path)) {
      const redacted = redactor.redact(text);
      if (redacted !== text)
        findings.push({ path, reason: `holds ${firstMarker(text, redacted)}` });
    }
  };
  walk(records(value), "", look, new Set());
  const pass = findings.length === 0;
  return {
    pass,
    message: () =>
      pass
        ? "There are no secrets."
        : [
            `${findings.length} fields hold secrets:`,
            ...findings.slice(0, maximumFindings).map(({ path, reason }) => `  ${path} ${reason}`),
          ].join("\n"),
  };
}

const lists = [
  "spans",
  "metrics",
  "otlpMetrics",
  "events",
  "serviceChecks",
  "llmobsSpans",
  "evaluations",
  "logs",
  "getSpans",
  "getMetrics",
  "getEvents",
  "getServiceChecks",
  "getLlmobsSpans",
] as const;

function records(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const source = value as Record<string, unknown>;
  const found = lists.flatMap((name) => {
    const list = source[name];
    return typeof list === "function" ? [[name, list.call(value)] as const] : [];
  });
  return found.length === 0 ? value : Object.fromEntries(found);
}

function walk(
  value: unknown,
  path: string,
  look: (text: string, path: string) => void,
  ancestors: Set<object>,
): void {
  if (typeof value === "string") look(value, path);
  if (typeof value !== "object" || value === null) return;
  if (ancestors.has(value) || ancestors.size > maximumDepth) return;
  ancestors.add(value);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  for (const [key, item] of entries) {
    const at = path === "" ? String(key) : `${path}.${String(key)}`;
    look(String(key), `the name of ${at}`);
    walk(item, at, look, ancestors);
  }
  ancestors.delete(value);
}

/** The mark that took the place of the secret, never the secret itself: messages end up in logs. */
function firstMarker(text: string, redacted: string): string {
  const marks = redacted.match(/\[[A-Z_]+\]/g) ?? [];
  return marks.find((mark) => !text.includes(mark)) ?? "something that is redacted";
}
