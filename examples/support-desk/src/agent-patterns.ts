import { AgentBudgetError, type AgentSpan, type DatadogAPMClient } from "@llmdevops/dd";
import { openHandoffQueue } from "./handoff-queue.ts";

/** Two researchers at once: each names its parent, since both run in the same turn of the event loop. */
export async function researchInParallel(
  datadog: DatadogAPMClient,
  desk: AgentSpan,
  questions: readonly string[],
): Promise<string[]> {
  return Promise.all(
    questions.map((question) =>
      datadog.traceAgent({ agentName: "researcher", parentAgentSpan: desk }, (researcher) =>
        datadog.traceToolCall(researcher, "search_guide", { question }, async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return `an article about ${question}`;
        }),
      ),
    ),
  );
}

/** Hands a refund to the billing agent through a queue; the context of the run travels in the message. */
export async function handOffThroughQueue(
  datadog: DatadogAPMClient,
  desk: AgentSpan,
): Promise<{ readonly broker: string; readonly decision: string }> {
  const queue = await openHandoffQueue(process.env["AMQP_URL"]);
  try {
    const decided = queue.receive(async ({ body, headers }) => {
      const context = datadog.extractContext(headers);
      const billing = {
        agentName: "billing",
        // A message may lie in its queue for days: a trace of its own, linked to the one that sent it.
        ...(context === null ? {} : { handoffFrom: context, childOf: null }),
      };
      return datadog.traceAgent(billing, async (span) => {
        await datadog.traceWait(span, "approval by a supervisor", async () => "approved");
        return `refund of ${body} approved`;
      });
    });
    const headers: Record<string, string> = {};
    datadog.injectContext(headers, desk);
    queue.send({ body: "order 4711", headers });
    return { broker: queue.broker, decision: await decided };
  } finally {
    await queue.close();
  }
}

/** An agent that asks the same again and again, until the guard of its run stops it. */
export async function loopUntilCaught(datadog: DatadogAPMClient): Promise<string> {
  const looping = {
    agentName: "looper",
    childOf: null,
    budget: { maximumIdenticalToolCalls: 3, action: "abort" },
  } as const;
  try {
    return await datadog.traceAgent(looping, async (agent) => {
      for (;;) {
        agent.signal.throwIfAborted();
        await datadog.traceToolCall(agent, "look_up_order", { order: "4711" }, () => "not found");
      }
    });
  } catch (error) {
    if (AgentBudgetError.isInstance(error)) return error.message;
    throw error;
  }
}
