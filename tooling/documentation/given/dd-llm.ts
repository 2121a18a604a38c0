// What the examples in the docstrings of dd-llm take for granted.
import type Anthropic from "@anthropic-ai/sdk";
import type { Runnable } from "@langchain/core/runnables";
import type { DatadogAPMClient } from "@llmdevops/dd";
import type { LLM, LLMSpan } from "@llmdevops/dd-llm";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { LanguageModel } from "ai";
import type OpenAI from "openai";

export declare const anthropic: Anthropic;
export declare const apiKey: string;
export declare const client: DatadogAPMClient;
export declare const graph: Runnable<object, object>;
export declare const input: object;
export declare const llm: LLM;
export declare const model: LanguageModel;
export declare const openai: OpenAI;
export declare const prompt: string;
export declare const question: string;
export declare const request: Anthropic.MessageCreateParamsNonStreaming;
export declare const span: LLMSpan;
export declare const transport: Transport;
export declare function show(message: object): void;
export declare function wait(): Promise<void>;
