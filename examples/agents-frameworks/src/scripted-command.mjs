// Stands for the native command of the Claude Agent SDK: speaks its stream-json protocol on standard input and output.
import { createInterface } from "node:readline";

const model = "claude-sonnet-4-6";
const usage = { input_tokens: 20, cache_read_input_tokens: 100, output_tokens: 30 };

function assistant(id, block, parent = null) {
  const message = { id, type: "message", role: "assistant", model, content: [block], usage };
  return { type: "assistant", parent_tool_use_id: parent, message };
}

function toolResult(id, content, parent = null) {
  const block = { type: "tool_result", tool_use_id: id, content };
  return { type: "user", parent_tool_use_id: parent, message: { role: "user", content: [block] } };
}

const toolUse = (id, name, input) => ({ type: "tool_use", id, name, input });

const session = [
  { type: "system", subtype: "init", model, tools: ["Task", "Grep"], mcp_servers: [] },
  assistant("msg_1", toolUse("tool_1", "Task", { subagent_type: "researcher" })),
  assistant("msg_2", toolUse("tool_2", "Grep", { pattern: "refund" }), "tool_1"),
  toolResult("tool_2", "Refunds within 30 days.", "tool_1"),
  assistant("msg_3", { type: "text", text: "30 days" }, "tool_1"),
  toolResult("tool_1", "30 days"),
  assistant("msg_4", { type: "text", text: "You have 30 days." }),
  {
    type: "result",
    subtype: "success",
    is_error: false,
    result: "You have 30 days.",
    num_turns: 4,
    total_cost_usd: 0.0022,
  },
];

function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const { type, request_id } = JSON.parse(line);
  if (type === "control_request") {
    write({ type: "control_response", response: { subtype: "success", request_id, response: {} } });
  }
  if (type !== "user") return;
  for (const message of session) {
    write({ session_id: "session-1", uuid: "00000000-0000-4000-8000-000000000000", ...message });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  lines.close();
  process.stdin.destroy();
});
