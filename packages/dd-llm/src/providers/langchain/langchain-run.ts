import type { Span } from "@llmdevops/dd-core";
import {
  arrayAt,
  isRecord,
  recordAt,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";
import type { LLMSpan } from "../../span/llm-span.ts";
import type { RecordedAgent } from "../agent-recorder.ts";

/** A run of LangChain that has not ended. */
export interface LangChainRun {
  /** What is started inside is a child of this; absent outside of everything that is recorded. */
  readonly span: Span | undefined;
  /** The agent that it belongs to. */
  readonly agent: RecordedAgent | undefined;
  /** Ends what the run itself has started; a run without is only passed through. */
  readonly end?: (error?: unknown) => void;
  /** Whether its output is recorded in words. */
  readonly recordsContent?: boolean;
  readonly setOutput?: (output: unknown) => void;
  readonly modelSpan?: LLMSpan;
}

/** What a chain is: an agent or graph, a node of a graph, or a part that only passes things on. */
export type ChainKind = "agent" | "workflow" | "step" | "part";

/** Tells what a chain is by its name, its class and the facts that LangGraph puts beside it. */
export function chainKind(
  serialized: unknown,
  name: string,
  metadata: UnknownRecord,
  isRoot: boolean,
): ChainKind {
  const className = String(arrayAt(isRecord(serialized) ? serialized : {}, "id").at(-1) ?? "");
  const isGraph = /Graph$|^Pregel$|^AgentExecutor$/.test(className) || name === "LangGraph";
  if (isGraph || name === "AgentExecutor") return "agent";
  if (isRoot) return textAt(metadata, "langgraph_node") === undefined ? "workflow" : "agent";
  // LangGraph's own nodes, such as __start__, do no work.
  const isNode = textAt(metadata, "langgraph_node") === name && !name.startsWith("__");
  return isNode ? "step" : "part";
}

/** The name of a run: its own, else that of its class. */
export function runNameOf(serialized: unknown, name: unknown, fallback: string): string {
  if (typeof name === "string" && name !== "") return name;
  const source = isRecord(serialized) ? serialized : {};
  const last = arrayAt(source, "id").at(-1);
  return textAt(source, "name") ?? (typeof last === "string" ? last : fallback);
}

/** What a model is asked with, and who provides it. */
export function modelFacts(
  extraParams: unknown,
  metadata: unknown,
): { readonly provider: string; readonly model: string; readonly settings: UnknownRecord } {
  const settings = recordAt(isRecord(extraParams) ? extraParams : {}, "invocation_params");
  const facts = isRecord(metadata) ? metadata : {};
  return {
    provider: textAt(facts, "ls_provider") ?? "unknown",
    model:
      textAt(facts, "ls_model_name") ??
      textAt(settings, "model") ??
      textAt(settings, "model_name") ??
      "unknown",
    settings,
  };
}

/** LangGraph stops a run by an error where it waits for a person or passes a command on. */
export function isInterrupt(error: unknown): boolean {
  try {
    return isRecord(error) && error["is_bubble_up"] === true;
  } catch {
    // What cannot be read is recorded as any other error.
    return false;
  }
}
