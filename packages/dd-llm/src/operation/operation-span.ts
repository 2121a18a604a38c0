import type { Span } from "@llmdevops/dd-core";

/** A span of a workflow, a task, a tool or a retrieval. No method throws; after its end every method does nothing, and is counted. */
export interface OperationSpan extends Span {
  /** Whether what comes out is shown in words: a failure that a tool tells in its answer is one of its answers. */
  readonly recordsContent: boolean;
  /** Records what came in, as far as the content policy allows: text, or any value that has a JSON form. */
  setInput(input: unknown): this;
  /**
   * Records what came out, as far as the content policy allows: text, or any value that has a JSON form; of a
   * retrieval documents, each a text or `{ text, name?, id?, score? }`.
   */
  setOutput(output: unknown): this;
}

/** A document that a retrieval has found. */
export interface RetrievedDocument {
  /** What it says, as far as the content policy allows. */
  readonly text: string;
  /** Its name or title. */
  readonly name?: string;
  /** Identifies it where it was found. */
  readonly id?: string;
  /** How well it fits the question, in the measure of the search. */
  readonly score?: number;
}
