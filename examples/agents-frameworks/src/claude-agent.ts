import { fileURLToPath } from "node:url";
import { query } from "@anthropic-ai/claude-agent-sdk";
import { instrumentClaudeAgent } from "@llmdevops/dd/llm";
import { runExample } from "./run-example.ts";

await runExample(async ({ client }) => {
  const observedQuery = instrumentClaudeAgent(query, {
    agents: client,
    llm: client,
    agentName: "desk",
  });

  // The SDK's own command needs a key; this one tells a session that was written down.
  const pathToClaudeCodeExecutable = fileURLToPath(
    new URL("scripted-command.mjs", import.meta.url),
  );
  let answer = "";
  for await (const message of observedQuery({
    prompt: "How long may I return it?",
    options: { pathToClaudeCodeExecutable, executable: "node" },
  })) {
    if (message.type === "result" && message.subtype === "success") answer = message.result;
  }
  return answer;
});
