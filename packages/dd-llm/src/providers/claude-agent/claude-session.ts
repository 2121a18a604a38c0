import {
  arrayAt,
  isRecord,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";
import type { StreamOutcome } from "../../stream/stream-outcome.ts";
import type { RecordedAgent, RecordedTool } from "../agent-recorder.ts";
import { toldError } from "../told-error.ts";
import type { ResolvedClaudeAgentOptions } from "./claude-agent-options.ts";
import { ClaudeTurn } from "./claude-turn.ts";
import { recordResult } from "./record-result.ts";

const maximumOpenTools = 1_000;

/** An agent of a session: the main one, or one that a tool call has started. */
interface SessionAgent {
  readonly span: RecordedAgent;
  turn: ClaudeTurn | undefined;
  /** When its next model call can have begun (ms since the epoch). */
  idleSince: number;
}

interface OpenTool {
  readonly span: RecordedTool;
  readonly owner: SessionAgent;
  readonly name: string;
  readonly input: unknown;
  /** When it was called (ms since the epoch). */
  readonly calledAt: number;
  subAgent: SessionAgent | undefined;
}

/** One query of the Claude Agent SDK, told by its messages. */
export class ClaudeSession {
  readonly #options: ResolvedClaudeAgentOptions;
  readonly #main: SessionAgent;
  readonly #tools = new Map<string, OpenTool>();
  #costUsd = 0;
  #tokens = 0;
  #droppedTools = 0;
  #hasEnded = false;

  constructor(options: ResolvedClaudeAgentOptions, prompt: unknown, settings: UnknownRecord) {
    const { agentName, agents } = options;
    const model = textAt(settings, "model");
    this.#options = options;
    const span = agents.startAgentSpan("agent.run", {
      agentName,
      manifest: { framework: "claude-agent-sdk", ...(model === undefined ? {} : { model }) },
    });
    if (typeof prompt === "string") span.setInput(prompt);
    this.#main = agentOf(span);
  }

  /** A message that the SDK has handed to the application. */
  message(message: unknown): void {
    if (!isRecord(message) || this.#hasEnded) return;
    const { type } = message;
    if (type === "system") this.#describe(message);
    else if (type === "assistant") this.#answered(message, recordAt(message, "message"));
    else if (type === "stream_event") this.#streamed(message, recordAt(message, "event"));
    else if (type === "user") this.#toolsAnswered(message);
    else if (type === "result") {
      this.#endTurns();
      recordResult(this.#main.span, message, { costUsd: this.#costUsd, tokens: this.#tokens });
    }
  }

  /** No further message comes. */
  end(outcome: StreamOutcome, error?: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#endTurns();
    for (const id of [...this.#tools.keys()].reverse()) this.#endTool(id);
    const { span } = this.#main;
    if (this.#droppedTools > 0) span.setTag("claude.dropped_tools", this.#droppedTools);
    if (outcome === "failed") span.setError(error);
    else if (outcome !== "completed") span.setOutcome("cancelled");
    span.finish();
  }

  #describe(message: UnknownRecord): void {
    if (message["subtype"] !== "init") return;
    this.#main.span.setTags({
      "claude.session_id": textAt(message, "session_id"),
      "claude.model": textAt(message, "model"),
      "claude.version": textAt(message, "claude_code_version"),
      "claude.permission_mode": textAt(message, "permissionMode"),
    });
  }

  #answered(outer: UnknownRecord, message: UnknownRecord): void {
    const agent = this.#agentOf(outer);
    const messageId = textAt(message, "id") ?? "unknown";
    this.#turnOf(agent, messageId).add(message);
    for (const block of recordsOf(arrayAt(message, "content"))) {
      if (block["type"] === "tool_use") this.#toolCalled(agent, block);
    }
  }

  #streamed(outer: UnknownRecord, event: UnknownRecord): void {
    const agent = this.#agentOf(outer);
    const messageId = textAt(recordAt(event, "message"), "id");
    if (messageId !== undefined) this.#turnOf(agent, messageId).addEvent(event);
    else agent.turn?.addEvent(event);
  }

  #turnOf(agent: SessionAgent, messageId: string): ClaudeTurn {
    if (agent.turn?.messageId !== messageId) {
      this.#endTurn(agent);
      agent.turn = new ClaudeTurn(messageId, agent.idleSince);
    }
    return agent.turn as ClaudeTurn;
  }

  #toolCalled(owner: SessionAgent, block: UnknownRecord): void {
    const id = textAt(block, "id");
    if (id === undefined || this.#tools.has(id)) return;
    if (this.#tools.size >= maximumOpenTools) {
      this.#droppedTools += 1;
      return;
    }
    const name = textAt(block, "name") ?? "unknown";
    const { input } = block;
    const span = this.#options.agents.startToolCall(owner.span, name, input ?? {});
    this.#tools.set(id, { span, owner, name, input, calledAt: Date.now(), subAgent: undefined });
  }

  #toolsAnswered(message: UnknownRecord): void {
    const agent = this.#agentOf(message);
    for (const block of recordsOf(arrayAt(recordAt(message, "message"), "content"))) {
      const id = textAt(block, "tool_use_id");
      if (block["type"] !== "tool_result" || id === undefined) continue;
      this.#endTurn(agent);
      this.#endTool(id, block);
    }
    agent.idleSince = Date.now();
  }

  /** The agent that a message belongs to; the first message from inside a tool call starts its sub-agent. */
  #agentOf(message: UnknownRecord): SessionAgent {
    const tool = this.#tools.get(textAt(message, "parent_tool_use_id") ?? "");
    if (tool === undefined) return this.#main;
    if (tool.subAgent === undefined) {
      const input = isRecord(tool.input) ? tool.input : {};
      const span = this.#options.agents.startAgentSpan("agent.run", {
        agentName: textAt(input, "subagent_type") ?? tool.name,
        agentType: "sub-agent",
        parentAgentSpan: tool.owner.span,
        childOf: tool.span,
        manifest: { framework: "claude-agent-sdk" },
      });
      tool.subAgent = agentOf(span, tool.calledAt);
    }
    return tool.subAgent;
  }

  #endTool(id: string, result?: UnknownRecord): void {
    const tool = this.#tools.get(id);
    if (tool === undefined) return;
    this.#tools.delete(id);
    const { span, subAgent, owner } = tool;
    if (subAgent !== undefined) {
      this.#endTurn(subAgent);
      subAgent.span.finish();
    }
    if (result === undefined) span.setTag("claude.tool_unanswered", true);
    else {
      span.setOutput(result["content"]);
      if (result["is_error"] === true) {
        const isShown = owner.span.recordsContent === true;
        span.setError(toldError(result["content"], isShown, "ClaudeToolError"));
      }
    }
    span.finish();
  }

  #endTurns(): void {
    this.#endTurn(this.#main);
    for (const { subAgent } of this.#tools.values()) if (subAgent) this.#endTurn(subAgent);
  }

  #endTurn(agent: SessionAgent): void {
    const { turn } = agent;
    if (turn === undefined) return;
    agent.turn = undefined;
    agent.idleSince = Date.now();
    const { costUsd, tokens } = turn.record(agent.span, this.#options);
    this.#costUsd += costUsd;
    this.#tokens += tokens;
  }
}

function agentOf(span: RecordedAgent, idleSince: number = Date.now()): SessionAgent {
  return { span, turn: undefined, idleSince };
}
