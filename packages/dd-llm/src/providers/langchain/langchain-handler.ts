import { arrayAt, isRecord, recordAt } from "../../formats/unknown-record.ts";
import type { LLMSpan } from "../../span/llm-span.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import { quietly } from "../observed-model-call.ts";
import { isResponseRecorded } from "../recorded-responses.ts";
import { toldError } from "../told-error.ts";
import { answerOf, promptMessages, recordAnswer, responseIdOf } from "./langchain-messages.ts";
import {
  type LangChainOptions,
  type ResolvedLangChainOptions,
  resolveLangChainOptions,
} from "./langchain-options.ts";
import { chainKind, type LangChainRun, runNameOf } from "./langchain-run.ts";
import {
  childOf,
  finish,
  startAgentRun,
  startModelRun,
  startStepRun,
  startToolRun,
} from "./start-langchain-run.ts";

const integration = {
  name: "langchain",
  channel: "tracing:orchestrion:@langchain/core:BaseChatModel_generate:start",
  instrument: "createLangChainHandler",
};

/**
 * A callback handler for LangChain.js and LangGraph.js; see {@link createLangChainHandler}. It has the shape of
 * LangChain's `BaseCallbackHandler`. No method throws.
 */
export class LangChainHandler {
  /** The name under which LangChain lists the handler. */
  readonly name = "datadog";
  /** In the context of what is called, so that a run has the right parent. */
  readonly awaitHandlers = true;
  /** A fault of the handler is never one of the run. */
  readonly raiseError = false;
  /** Model calls are recorded. */
  readonly ignoreLLM = false;
  /** Chains, graphs and their nodes are recorded. */
  readonly ignoreChain = false;
  /** LangChain counts tools as agents here. */
  readonly ignoreAgent = false;
  /** Retrievals are recorded. */
  readonly ignoreRetriever = false;
  /** Events of the application are not recorded. */
  readonly ignoreCustomEvent = true;
  readonly #options: ResolvedLangChainOptions;
  readonly #runs = new Map<string, LangChainRun>();
  #evictedRuns = 0;
  #leavesModelCalls = false;

  /** @internal */
  constructor(options: ResolvedLangChainOptions) {
    this.#options = options;
  }

  /** The state of the handler. */
  report(): {
    /** Runs that have begun and not ended. */
    readonly openRuns: number;
    /** Runs that were ended to make room for others; their spans carry `langchain.evicted`. */
    readonly evictedRuns: number;
  } {
    return { openRuns: this.#runs.size, evictedRuns: this.#evictedRuns };
  }

  /** LangChain copies its handlers; this one keeps the open runs of all. */
  copy(): this {
    return this;
  }

  /** Starts an agent's run or a step for a chain, a graph or a node; what only passes things on gets no span. */
  handleChainStart(
    serialized: unknown,
    inputs: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: unknown,
    metadata?: unknown,
    _runType?: unknown,
    runName?: unknown,
  ): void {
    quietly(() => {
      const name = runNameOf(serialized, runName, "chain");
      const facts = isRecord(metadata) ? metadata : {};
      const parent = this.#runs.get(parentRunId ?? "");
      const kind = chainKind(serialized, name, facts, parent?.agent === undefined);
      if (kind === "part") this.#open(runId, { span: parent?.span, agent: parent?.agent });
      else if (kind === "step" && parent?.agent !== undefined) {
        this.#open(runId, startStepRun(this.#options, parent.agent, name));
      } else this.#open(runId, startAgentRun(this.#options, parent, name, kind, facts, inputs));
    });
  }

  /** Ends it with what it returned. */
  handleChainEnd(outputs: unknown, runId: string): void {
    this.#end(runId, (run) => run.setOutput?.(outputs));
  }

  /** Ends it as failed. */
  handleChainError(error: unknown, runId: string): void {
    this.#end(runId, () => {}, error);
  }

  /** Starts the span of a call of a chat model with its messages. */
  handleChatModelStart(
    _serialized: unknown,
    messages: unknown,
    runId: string,
    parentRunId?: string,
    extraParams?: unknown,
    _tags?: unknown,
    metadata?: unknown,
  ): void {
    quietly(() => {
      warnOfDuplicateCapture(integration, this.#options.logger);
      const span = this.#startModel(runId, parentRunId, "chat", extraParams, metadata);
      span?.setInput(promptMessages(messages));
    });
  }

  /** Starts the span of a call of a model that completes text. */
  handleLLMStart(
    _serialized: unknown,
    prompts: unknown,
    runId: string,
    parentRunId?: string,
    extraParams?: unknown,
    _tags?: unknown,
    metadata?: unknown,
  ): void {
    quietly(() => {
      const span = this.#startModel(runId, parentRunId, "completion", extraParams, metadata);
      span?.setInput(Array.isArray(prompts) ? prompts.join("\n") : prompts);
    });
  }

  /** Notes a chunk of a streamed answer. */
  handleLLMNewToken(
    token: unknown,
    _index: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: unknown,
    fields?: unknown,
  ): void {
    quietly(() => {
      const span = this.#runs.get(runId)?.modelSpan;
      const chunk = recordAt(recordAt(isRecord(fields) ? fields : {}, "chunk"), "message");
      const isToolDelta = arrayAt(chunk, "tool_call_chunks").length > 0;
      const contentDelta = typeof token === "string" ? token : "";
      if (contentDelta !== "" || !isToolDelta) span?.recordChunk({ contentDelta });
      else span?.recordChunk();
    });
  }

  /** Ends the span of a model call with its answer and usage. */
  handleLLMEnd(result: unknown, runId: string): void {
    quietly(() => this.#noteDuplicate(result));
    this.#end(runId, ({ modelSpan }) => {
      if (modelSpan !== undefined) recordAnswer(modelSpan, result);
    });
  }

  /** Ends the span of a model call as failed. */
  handleLLMError(error: unknown, runId: string): void {
    this.#end(runId, () => {}, error);
  }

  /** Starts the span of a tool call. */
  handleToolStart(
    serialized: unknown,
    input: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: unknown,
    _metadata?: unknown,
    runName?: unknown,
  ): void {
    quietly(() => {
      const name = runNameOf(serialized, runName, "tool");
      const parent = this.#runs.get(parentRunId ?? "");
      this.#open(runId, startToolRun(this.#options, parent, name, input));
    });
  }

  /** Ends the span of a tool call; as failed where the tool's message has the status `error`. */
  handleToolEnd(output: unknown, runId: string): void {
    this.#end(runId, (run) => {
      const message = isRecord(output) ? output : {};
      run.setOutput?.(message["content"] ?? output);
      if (message["status"] !== "error") return;
      run.span?.setError(toldError(message["content"], run.recordsContent === true, "ToolError"));
    });
  }

  /** Ends the span of a tool call as failed. */
  handleToolError(error: unknown, runId: string): void {
    this.#end(runId, () => {}, error);
  }

  /** Starts the span of a retrieval with its question. */
  handleRetrieverStart(
    serialized: unknown,
    query: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: unknown,
    _metadata?: unknown,
    runName?: unknown,
  ): void {
    quietly(() => {
      const parent = this.#runs.get(parentRunId ?? "");
      const span = this.#options.llm.startRetrievalSpan("retrieval", {
        resource: runNameOf(serialized, runName, "retriever"),
        ...childOf(parent?.span),
      });
      span.setInput(query);
      this.#open(runId, {
        span,
        agent: parent?.agent,
        setOutput: (documents) => span.setOutput(documents),
        end: (error) => finish(span, error),
      });
    });
  }

  /** Ends the span of a retrieval with the documents. */
  handleRetrieverEnd(documents: unknown, runId: string): void {
    this.#end(runId, (run) => run.setOutput?.(documents));
  }

  /** Ends the span of a retrieval as failed. */
  handleRetrieverError(error: unknown, runId: string): void {
    this.#end(runId, () => {}, error);
  }

  #startModel(
    runId: string,
    parentRunId: string | undefined,
    requestType: "chat" | "completion",
    extraParams: unknown,
    metadata: unknown,
  ): LLMSpan | undefined {
    if (this.#leavesModelCalls) return undefined;
    const parent = this.#runs.get(parentRunId ?? "");
    const run = startModelRun(this.#options, parent, requestType, extraParams, metadata);
    this.#open(runId, run);
    return run.modelSpan;
  }

  /** From then on the model calls are left to the instrumented client. */
  #noteDuplicate(result: unknown): void {
    if (this.#leavesModelCalls || !isResponseRecorded(responseIdOf(answerOf(result)))) return;
    this.#leavesModelCalls = true;
    this.#options.logger.warn(
      "The client of a LangChain model is instrumented too, so a model call was recorded twice. From now on the " +
        "LangChain handler leaves model calls to it.",
    );
  }

  #open(runId: string, run: LangChainRun): void {
    const oldest = this.#runs.keys().next().value;
    if (this.#runs.size >= this.#options.maximumOpenRuns && oldest !== undefined) {
      this.#evictedRuns += 1;
      this.#end(oldest, (run) => run.span?.setTag("langchain.evicted", true));
    }
    this.#runs.set(runId, run);
  }

  #end(runId: string, complete: (run: LangChainRun) => void, error?: unknown): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    this.#runs.delete(runId);
    quietly(() => complete(run));
    quietly(() => run.end?.(error));
  }
}

/**
 * Makes a callback handler for LangChain.js and LangGraph.js: graphs and agents become agent runs, their nodes steps,
 * and model calls, tools and retrievals are recorded with usage, cost and time to the first token.
 *
 * Parts that only pass things on, such as prompts and parsers, have no span of their own. Where the client of a model
 * is instrumented too, the handler notices it at the first answer, says so once, and leaves model calls to it.
 *
 * @throws {ConfigurationError} When a client cannot record what it should, or another option is wrong.
 * @example
 * ```ts
 * import { createLangChainHandler } from "@llmdevops/dd-llm";
 *
 * const handler = createLangChainHandler({ agents: client, llm: client });
 * await graph.invoke(input, { callbacks: [handler] });
 * ```
 */
export function createLangChainHandler(options: LangChainOptions): LangChainHandler {
  return new LangChainHandler(resolveLangChainOptions(options));
}
