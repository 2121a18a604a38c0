import { safeEntries, safeRead, safeText } from "../guard/safe-read.ts";
import type { TagGuard } from "../guard/tag-guard.ts";

/** The template that a prompt was made of (https://docs.datadoghq.com/llm_observability/instrumentation/sdk/#prompt-tracking). */
export interface LLMObservabilityPrompt {
  /** Name under which the prompt is kept, the same for all its versions. */
  readonly id?: string;
  /** Version of the prompt's template. */
  readonly version?: string;
  /** A text with placeholders, or messages. */
  readonly template?:
    | string
    | readonly {
        /** Who speaks, such as `system` or `user`. */
        readonly role: string;
        /** The text with its placeholders. */
        readonly content: string;
      }[];
  /** Values that were put into the template, by name; redacted before they are sent. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Tags of the prompt, by key. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** Variables that hold what was retrieved. @default ["context"] */
  readonly contextVariables?: readonly string[];
  /** Variables that hold the question. @default ["question"] */
  readonly queryVariables?: readonly string[];
}

/** A tool that the model may call. */
export interface LLMObservabilityToolDefinition {
  /** Name by which the model calls the tool. */
  readonly name: string;
  /** What the model is told about the tool. */
  readonly description?: string;
  /** The JSON schema of its arguments. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Version of the definition. */
  readonly version?: string;
}

const maximumTools = 256;
const maximumMessages = 64;
const maximumNames = 32;

/** A prompt in the form that dd-trace takes: every value text, guarded; `undefined` where there is none. */
export function guardedPrompt(prompt: unknown, guard: TagGuard): object | undefined {
  if (typeof prompt !== "object" || prompt === null) return undefined;
  const text = (key: string) => guardedText(safeRead(prompt, key), guard);
  const names = (key: string) => namesOf(safeRead(prompt, key), guard);
  return present({
    id: text("id"),
    version: text("version"),
    template: templateOf(safeRead(prompt, "template"), guard),
    variables: textsOf(safeRead(prompt, "variables"), guard),
    tags: textsOf(safeRead(prompt, "tags"), guard),
    contextVariables: names("contextVariables"),
    queryVariables: names("queryVariables"),
  });
}

/** Tool definitions in the form that dd-trace takes; what has no name is left out. */
export function guardedToolDefinitions(tools: unknown, guard: TagGuard): object[] {
  if (!Array.isArray(tools)) return [];
  return tools.slice(0, maximumTools).flatMap((tool: unknown) => {
    const name = guardedText(safeRead(tool, "name"), guard);
    if (!name) return [];
    const schema = guard.structure(safeRead(tool, "schema"));
    const isSchema = typeof schema === "object" && schema !== null && !Array.isArray(schema);
    return [
      present({
        name,
        description: guardedText(safeRead(tool, "description"), guard),
        schema: isSchema ? schema : undefined,
        version: guardedText(safeRead(tool, "version"), guard),
      }),
    ];
  });
}

/** Names of tags by which cost is to be split. */
export function guardedCostTags(costTags: unknown, guard: TagGuard): string[] {
  return namesOf(costTags, guard) ?? [];
}

function templateOf(template: unknown, guard: TagGuard): unknown {
  if (!Array.isArray(template)) return guardedText(template, guard);
  return template.slice(0, maximumMessages).map((message: unknown) => ({
    role: guardedText(safeRead(message, "role"), guard) ?? "user",
    content: guardedText(safeRead(message, "content"), guard) ?? "",
  }));
}

function textsOf(source: unknown, guard: TagGuard): Record<string, string> | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  const texts = safeEntries(source).flatMap(([key, value]) => {
    const guarded = guard.value(key, value, "content");
    return guarded === undefined ? [] : [[guard.key(key), String(guarded)] as const];
  });
  return Object.fromEntries(texts);
}

function namesOf(names: unknown, guard: TagGuard): string[] | undefined {
  if (!Array.isArray(names)) return undefined;
  return names
    .slice(0, maximumNames)
    .filter((name) => typeof name === "string")
    .map((name) => guard.key(name));
}

function guardedText(value: unknown, guard: TagGuard): string | undefined {
  return value === undefined || value === null ? undefined : guard.text(safeText(value), "content");
}

function present(draft: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
}
