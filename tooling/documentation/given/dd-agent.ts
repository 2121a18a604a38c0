// What the examples in the docstrings of dd-agent take for granted.
import type { AgentSpan, Agents } from "@llmdevops/dd-agent";
import type { Tracing } from "@llmdevops/dd-core";

export declare const agent: AgentSpan;
export declare const agents: Agents;
export declare const tracing: Tracing;
export declare const refund: { readonly amountUsd: number };
export declare function askSupervisor(request: { readonly amountUsd: number }): Promise<boolean>;
export declare function search(text: string): Promise<readonly string[]>;
