import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord, recordAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import { observeStream } from "../../stream/observe-stream.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import { quietly } from "../observed-model-call.ts";
import { processWide } from "../process-wide.ts";
import { replaceMethod } from "../replaced-method.ts";
import {
  type ClaudeAgentOptions,
  type ResolvedClaudeAgentOptions,
  resolveClaudeAgentOptions,
} from "./claude-agent-options.ts";
import { ClaudeSession } from "./claude-session.ts";

/** `query` of `@anthropic-ai/claude-agent-sdk`, 0.2.117 to 0.x. */
export type ClaudeQuery = (parameters: never) => AsyncIterable<unknown>;

const integration = {
  name: "claude-agent-sdk",
  channel: "tracing:orchestrion:@anthropic-ai/claude-agent-sdk:query:start",
  instrument: "instrumentClaudeAgent",
};

const observedQueries = processWide("claude-queries", () => new WeakSet<object>());

/**
 * Records the queries of the Claude Agent SDK: the agent, its turns as model calls with usage and cost, its tools and
 * sub-agents, and the cost that the SDK itself states beside ours.
 *
 * What `query` returns is its own object, with `interrupt()`, `setModel()` and all else; it is observed while the
 * application iterates it. Leaving the loop, an abort and an error end everything that is open.
 *
 * The SDK's messages come after the fact, so a turn begins with the end of what came before it, and its counts are
 * those of the messages: with `includePartialMessages` they are complete, without it output tokens may be missing.
 * The tags `claude.token_difference` and `claude.cost_difference_usd` tell what is.
 *
 * @param query The SDK's `query`, which stays as it is.
 * @param options Where agents and model calls are recorded.
 * @returns A function with the type of `query`; one that is observed already is returned as it is.
 * @throws {ConfigurationError} When an argument is not what it should be; nothing throws later.
 * @example
 * ```ts
 * import { query } from "@anthropic-ai/claude-agent-sdk";
 * import { instrumentClaudeAgent } from "@llmdevops/dd-llm";
 *
 * const observedQuery = instrumentClaudeAgent(query, { agents: client, llm: client });
 * for await (const message of observedQuery({ prompt: "Fix the failing test" })) show(message);
 * ```
 */
export function instrumentClaudeAgent<Q extends ClaudeQuery>(
  query: Q,
  options: ClaudeAgentOptions,
): Q {
  const resolved = resolveClaudeAgentOptions(options);
  if (typeof query !== "function") {
    throw new ConfigurationError("The query must be that of @anthropic-ai/claude-agent-sdk.");
  }
  if (observedQueries.has(query)) return query;
  const observed = new Proxy(query, {
    apply(target, receiver, parameters: unknown[]) {
      quietly(() => warnOfDuplicateCapture(integration, resolved.logger));
      const messages: unknown = Reflect.apply(target, receiver, parameters);
      quietly(() => observe(messages, isRecord(parameters[0]) ? parameters[0] : {}, resolved));
      return messages;
    },
  });
  observedQueries.add(observed);
  return observed;
}

function observe(
  messages: unknown,
  parameters: UnknownRecord,
  options: ResolvedClaudeAgentOptions,
): void {
  if (!isRecord(messages) || !Object.isExtensible(messages)) return;
  const settings = recordAt(parameters, "options");
  const session = new ClaudeSession(options, parameters["prompt"], settings);
  const controller = settings["abortController"];
  const isObserved = observeStream(
    messages,
    {
      onChunk: (message) => quietly(() => session.message(message)),
      onEnd: (outcome, error) => quietly(() => session.end(outcome, error)),
    },
    controller instanceof AbortController ? { signal: controller.signal } : {},
  );
  if (!isObserved) {
    session.end("completed");
    return;
  }
  iterateByHand(messages);
  if (typeof messages["close"] === "function") {
    replaceMethod(messages, "close", (original) => (...args) => {
      quietly(() => session.end("aborted"));
      return Reflect.apply(original, messages, args);
    });
  }
}

/** The generator's own methods read the same messages as its iterator does, which is what is observed. */
function iterateByHand(messages: UnknownRecord): void {
  let iterator: UnknownRecord | undefined;
  let isReading = false;
  for (const name of ["next", "return", "throw"]) {
    if (typeof messages[name] !== "function") continue;
    replaceMethod(messages, name, (original) => (...args) => {
      // A generator that is its own iterator is read through itself.
      if (isReading) return Reflect.apply(original, messages, args);
      const iterate = Reflect.get(messages, Symbol.asyncIterator);
      iterator ??= Reflect.apply(iterate, messages, []) as UnknownRecord;
      const method = iterator[name];
      if (typeof method !== "function") return Reflect.apply(original, messages, args);
      isReading = true;
      try {
        return Reflect.apply(method, iterator, args);
      } finally {
        isReading = false;
      }
    });
  }
}
