// What the examples in the docstrings of dd-core take for granted.
import type { Diagnostics, Tracing } from "@llmdevops/dd-core";
import type { TracerBackend } from "@llmdevops/dd-core/backend";

export declare const backend: TracerBackend;
export declare const tracing: Tracing;
export declare const diagnostics: Diagnostics;
export declare const given: unknown;
export declare const id: string;
export declare const lines: readonly string[];
export declare const vault: { cached(name: string): string | undefined };
export declare function loadTicket(id: string): Promise<{ readonly title: string }>;
export declare function sendAll(): Promise<void>;
