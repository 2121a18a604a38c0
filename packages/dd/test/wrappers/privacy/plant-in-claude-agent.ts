import type { DatadogAPMClient } from "@llmdevops/dd";
import { instrumentClaudeAgent } from "@llmdevops/dd-llm";
import type { Entries } from "./entries.ts";

/** The messages of the Claude Agent SDK, as its `query` gives them. */
export async function plantInClaudeAgent(datadog: DatadogAPMClient, plant: Entries): Promise<void> {
  const agentName = plant.name("claude: agent");
  const script = delegation(plant);
  const query = instrumentClaudeAgent(
    async function* (parameters: {
      prompt: string;
      messages: readonly unknown[];
      options: object;
    }) {
      yield* parameters.messages;
      if (parameters.messages.length === 0) throw plant.error("claude: error of the command");
    } as (parameters: never) => AsyncGenerator<unknown>,
    { agents: datadog, llm: datadog, agentName },
  );
  const ends = [
    [...script, result(plant, { result: plant.content("claude: result") })],
    [result(plant, { is_error: true, result: plant.content("claude: failed result") })],
    [],
  ];
  for (const messages of ends) {
    const parameters = {
      prompt: plant.content("claude: prompt"),
      messages,
      options: {
        model: plant.name("claude: model of the options"),
        systemPrompt: plant.content("claude: system prompt"),
        env: { TOKEN: plant.name("claude: environment") },
        resume: plant.name("claude: resumed session"),
        mcpServers: {
          [plant.name("claude: MCP server")]: { url: `http://a:${plant.name("claude: URL")}@h/` },
        },
      },
    };
    try {
      for await (const _message of query(parameters as never)) {
        // Only what is recorded matters.
      }
    } catch {
      // The error of the command.
    }
  }
}

function delegation(plant: Entries): object[] {
  const model = plant.name("claude: model");
  const assistant = (content: readonly object[], parent: string | null = null) => ({
    type: "assistant",
    parent_tool_use_id: parent,
    message: { id: plant.name("claude: message id"), role: "assistant", model, content },
  });
  const answer = (tool_use_id: string, content: unknown, is_error: boolean) => ({
    type: "user",
    parent_tool_use_id: null,
    message: { role: "user", content: [{ type: "tool_result", tool_use_id, content, is_error }] },
  });
  const use = (id: string, name: string, input: object) => ({ type: "tool_use", id, name, input });
  const delegated = {
    subagent_type: plant.name("claude: sub-agent"),
    prompt: plant.content("claude: prompt of a sub-agent"),
  };
  return [
    {
      type: "system",
      subtype: "init",
      model,
      session_id: plant.name("claude: session"),
      claude_code_version: plant.name("claude: version"),
      permissionMode: plant.name("claude: permission mode"),
      cwd: `/home/${plant.name("claude: directory")}`,
      apiKeySource: plant.name("claude: key source"),
      tools: [plant.name("claude: listed tool")],
      mcp_servers: [{ name: plant.name("claude: listed server") }],
    },
    assistant([
      { type: "thinking", thinking: plant.content("claude: thinking") },
      { type: "text", text: plant.content("claude: text") },
      use("t1", plant.name("claude: tool"), { command: plant.content("claude: command") }),
    ]),
    answer("t1", plant.content("claude: failed tool"), true),
    assistant([use("t2", "Task", delegated)]),
    assistant([use("t3", "Edit", { file: plant.content("claude: file") })], "t2"),
    assistant([{ type: "text", text: plant.content("claude: text of a sub-agent") }], "t2"),
    answer("t2", [{ type: "text", text: plant.content("claude: tool result") }], false),
    answer("t3", [{ type: "text", text: plant.content("claude: failed tool's part") }], true),
  ];
}

function result(plant: Entries, further: object): object {
  return {
    type: "result",
    subtype: plant.name("claude: subtype"),
    total_cost_usd: 0.01,
    modelUsage: { [plant.name("claude: model of the usage")]: { inputTokens: 1, outputTokens: 1 } },
    permission_denials: [{ tool_name: "x", tool_input: { q: plant.content("claude: denied") } }],
    ...further,
  };
}
