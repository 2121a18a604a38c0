import { createHash } from "node:crypto";
import { displayName, displayNames } from "./display-name.ts";

/** What an agent is made of, as LLM Observability shows it. */
export interface AgentManifest {
  /** The model that it asks first. */
  readonly model?: string;
  /** Its instructions; only a SHA-256 of them is sent, which tells versions apart. */
  readonly instructions?: string;
  /** Names of its tools, at most 64. */
  readonly tools?: readonly string[];
  /** Names of the agents that it may hand over to, at most 64. */
  readonly handoffs?: readonly string[];
  /** The framework that runs it. @default "manual" */
  readonly framework?: string;
}

/** A manifest in LLM Observability's form, as dd-trace writes it for the frameworks that it knows. */
export function manifestMetadata(name: string, manifest: AgentManifest): Record<string, unknown> {
  const { model, instructions, framework } = manifest;
  const tools = displayNames(manifest.tools).map((tool) => ({ name: tool }));
  const handoffs = displayNames(manifest.handoffs).map((agent) => ({ agent_name: agent }));
  return {
    _dd: {
      agent_manifest: {
        framework: displayName(framework, "manual"),
        name,
        ...(typeof model === "string" ? { model: displayName(model, "") } : {}),
        ...(typeof instructions === "string" ? { instructions_hash: sha256(instructions) } : {}),
        ...(tools.length > 0 ? { tools } : {}),
        ...(handoffs.length > 0 ? { handoffs } : {}),
      },
    },
  };
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
