import Anthropic from "@anthropic-ai/sdk";
import { type AgentSpan, createClient, silentLogger } from "@llmdevops/dd";
import { startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, describe, expect, test } from "vitest";
import {
  type AgentExchange,
  allExchanges,
  areAgentRecordingsPresent,
  sessionExchanges,
  startReplay,
} from "./recordings/agent-recordings.ts";

const delegating = "eba7676d-4c5a-4e8a-8f82-9fc2c50cf6e1";
const answering = "503f36a0-a314-44a8-b1e8-8c1c79653868";
const testAgent = await startTestAgent();
const client = createClient({
  service: "assistant",
  agent: { url: testAgent.url },
  logger: silentLogger,
});
afterAll(async () => {
  await client.shutdown();
  await testAgent.stop();
});

/** Goes through a session as the SDK did: one turn per exchange, tools between the turns, a sub-agent in its tool. */
class Replay {
  readonly #sdk: Anthropic;
  readonly #exchanges: readonly AgentExchange[];

  constructor(url: string, exchanges: readonly AgentExchange[]) {
    this.#sdk = new Anthropic({ apiKey: "none", baseURL: url, maxRetries: 0 });
    this.#exchanges = exchanges;
  }

  async run(agent: AgentSpan, turns: readonly AgentExchange[]): Promise<void> {
    for (const [index, turn] of turns.entries()) {
      const message = await client.traceAgentStep(agent, `turn ${index + 1}`, () =>
        this.#ask(turn),
      );
      for (const block of message.content) {
        if (block.type !== "tool_use") continue;
        await client.traceToolCall(agent, block.name, block.input, () =>
          this.#runTool(agent, block),
        );
      }
    }
  }

  async #runTool(agent: AgentSpan, { name, input }: Anthropic.ToolUseBlock): Promise<string> {
    if (name !== "Agent") return "72° in fahrenheit";
    const { subagent_type: agentName } = input as { readonly subagent_type: string };
    const turns = this.#exchanges.filter(({ agentId }) => agentId !== undefined);
    const options = { agentName, agentType: "sub-agent", parentAgentSpan: agent };
    await client.traceAgent(options, (subAgent) => this.run(subAgent, turns));
    return "done";
  }

  #ask({ request, file }: AgentExchange): Promise<Anthropic.Message> {
    const call = { name: "claude.turn", provider: "anthropic", model: request.model };
    return client.traceLLM(call, async (span) => {
      const stream = this.#sdk.messages.stream(
        request as unknown as Anthropic.MessageStreamParams,
        {
          headers: { "x-recording": file },
        },
      );
      const message = await stream.finalMessage();
      span.recordResponse(message);
      return message;
    });
  }
}

/** Tools that were called before the first turn that was recorded. */
function toolsOfHistory([first]: readonly AgentExchange[]): Anthropic.ToolUseBlock[] {
  const blocks = (first?.request.messages ?? []).flatMap(({ content }) =>
    Array.isArray(content) ? (content as Anthropic.ContentBlock[]) : [],
  );
  return blocks.filter((block) => block.type === "tool_use");
}

describe.skipIf(!areAgentRecordingsPresent)(
  "sessions recorded from the Claude Agent SDK (skipped where ../shared/recordings is absent)",
  () => {
    test("give a run with the turns, tool calls, tokens and cost of the provider", async () => {
      const exchanges = sessionExchanges(delegating);
      const { server, url } = await startReplay(exchanges);
      const replay = new Replay(url, exchanges);
      const main = exchanges.filter(
        ({ agentId, request }) => agentId === undefined && (request.tools ?? []).length > 0,
      );
      const titles = exchanges.filter(({ request }) => (request.tools ?? []).length === 0);
      testAgent.clear();

      const options = { agentName: "claude", conversationId: delegating, childOf: null };
      const root = await client.traceAgent(options, async (agent) => {
        await replay.run(agent, titles);
        await replay.run(agent, main);
        return agent;
      });
      server.close();
      await client.flush();

      const summary = root.summary();
      // Written down from the usage that the provider sent; prompts include what was read from and written to the cache.
      expect(summary).toMatchObject({
        outcome: "completed",
        agents: 2,
        modelCalls: 5,
        modelErrors: 0,
        unpricedModelCalls: 0,
        toolCalls: 3,
        toolErrors: 0,
        steps: 8,
        inputTokens: 557 + 3_274 + 1_146 + 1_270 + 3_627,
        outputTokens: 15 + 238 + 101 + 22 + 103,
      });
      // USD per million: Sonnet 4.6 3 in, 3.75 into and 0.30 from the cache, 15 out; Haiku 4.5 1 in, 5 out.
      const sonnet = 8 * 3 + 4_895 * 3.75 + 4_414 * 0.3 + 464 * 15;
      const haiku = 557 * 1 + 15 * 5;
      expect(summary.costUsd).toBeCloseTo((sonnet + haiku) / 1e6, 9);
      expect(summary.byAgent["weather-fetcher"]).toMatchObject({
        modelCalls: 2,
        toolCalls: 1,
        inputTokens: 1_146 + 1_270,
        outputTokens: 101 + 22,
      });

      await testAgent.waitFor({ spans: 15 });
      const tools = testAgent.spans().filter(({ type }) => type === "tool");
      expect(
        tools
          .map(({ meta, metrics }) => [
            meta["agent.name"],
            meta["agent.tool"],
            metrics["agent.step"],
          ])
          .sort(),
      ).toEqual([
        ["claude", "Agent", 3],
        ["claude", "mcp__local__fetch_weather", 5],
        ["weather-fetcher", "mcp__local__fetch_weather", 2],
      ]);
      expect(new Set(testAgent.spans().map(({ traceId }) => traceId)).size).toBe(1);
      expect(
        root
          .graph()
          .toJSON()
          .edges.map(({ from, to, count }) => [from, to, count]),
      ).toEqual([
        ["agent:weather-fetcher", "tool:mcp__local__fetch_weather", 1],
        ["agent:claude", "agent:weather-fetcher", 1],
        ["agent:claude", "tool:Agent", 1],
        ["agent:claude", "tool:mcp__local__fetch_weather", 1],
      ]);
    });

    test("of which one goes on after a tool give a run with one turn, and the tool that its history tells of", async () => {
      const exchanges = sessionExchanges(answering);
      const { server, url } = await startReplay(exchanges);
      const replay = new Replay(url, exchanges);

      const options = { agentName: "claude", conversationId: answering, childOf: null };
      const root = await client.traceAgent(options, async (agent) => {
        for (const { name, input } of toolsOfHistory(exchanges)) {
          await client.traceToolCall(agent, name, input, () => "72° in fahrenheit");
        }
        await replay.run(agent, exchanges);
        return agent;
      });
      server.close();

      const summary = root.summary();
      expect(summary).toMatchObject({
        outcome: "completed",
        agents: 1,
        modelCalls: 1,
        modelErrors: 0,
        unpricedModelCalls: 0,
        toolCalls: 1,
        steps: 2,
        inputTokens: 1 + 102 + 1_057,
        outputTokens: 22,
      });
      expect(summary.costUsd).toBeCloseTo((1 * 3 + 102 * 3.75 + 1_057 * 0.3 + 22 * 15) / 1e6, 9);
      expect(
        root
          .graph()
          .toJSON()
          .edges.map(({ from, to, count }) => [from, to, count]),
      ).toEqual([["agent:claude", "tool:mcp__local__fetch_weather", 1]]);
    });

    test("of which the provider refuses the key give a failed run with a failed turn, and no cost", async () => {
      const exchanges = allExchanges().filter(({ status }) => status === 401);
      const { server, url } = await startReplay(exchanges);
      const replay = new Replay(url, exchanges);
      let root: AgentSpan | undefined;

      const run = client.traceAgent({ agentName: "claude", childOf: null }, (agent) => {
        root = agent;
        return replay.run(agent, exchanges);
      });
      await expect(run).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
      server.close();

      expect(exchanges).toHaveLength(1);
      expect(root?.summary()).toMatchObject({
        outcome: "failed",
        agents: 1,
        failedAgents: 1,
        modelCalls: 1,
        modelErrors: 1,
        toolCalls: 0,
        steps: 1,
        totalTokens: 0,
        costUsd: 0,
      });
    });

    test("are all replayed here", () => {
      const refused = allExchanges().filter(({ status }) => status === 401);
      const sessions = new Set([delegating, answering, ...refused.map(({ session }) => session)]);

      expect(allExchanges().filter(({ session }) => !sessions.has(session))).toEqual([]);
    });
  },
);
