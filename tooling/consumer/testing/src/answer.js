// The code under test: an agent that looks up an order and asks a model. The client is given to it.
export async function answerTicket(client, { id }) {
  return await client.traceAgent({ agentName: "support" }, async (agent) => {
    const order = await client.traceToolCall(agent, "find_order", { id }, async () => ({
      status: "shipped",
    }));
    const answer = await client.traceLLM(
      { provider: "anthropic", model: "claude-sonnet-4-6" },
      async (span) => {
        span.setUsage({ input_tokens: 1_000, output_tokens: 100 });
        return `Your order is ${order.status}.`;
      },
    );
    client.increment("tickets.answered", 1, { channel: "email" });
    return answer;
  });
}
