import { createClient, type DatadogAPMClient } from "@llmdevops/dd";
import {
  type ProviderServer,
  type ReceivedSpan,
  startProviderServer,
  startTestAgent,
} from "@llmdevops/dd-testing";

/** What an example works with. */
export interface ExampleWorld {
  readonly client: DatadogAPMClient;
  /** Stands for the model provider, so that no key is needed. */
  readonly provider: ProviderServer;
}

/** Runs an example against the embedded Agent and the provider server, and prints the spans that arrive. */
export async function runExample(work: (world: ExampleWorld) => Promise<string>): Promise<void> {
  const agent = await startTestAgent();
  const provider = await startProviderServer();
  try {
    const client = createClient({
      service: "desk",
      env: "dev",
      version: "1.0.0",
      agent: { url: agent.url },
      dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
    });
    const answer = await work({ client, provider });
    while (client.health().spans.open > 0) await new Promise((resolve) => setImmediate(resolve));
    await client.shutdown();
    await agent.waitFor({ spans: 1 });
    const lines = [`answer: ${answer}`, ...outline(agent.spans(), undefined, 0)];
    process.stdout.write(`${lines.join("\n")}\n`);
  } finally {
    await provider.stop();
    await agent.stop();
  }
}

/** Each span below its parent, with what a model call took. */
function outline(
  spans: readonly ReceivedSpan[],
  parent: ReceivedSpan | undefined,
  depth: number,
): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans
    .filter(({ parentId }) =>
      parent === undefined ? !ids.has(parentId) : parentId === parent.spanId,
    )
    .sort((a, b) => Number(a.start - b.start))
    .flatMap((span) => [
      `${"  ".repeat(depth)}${span.name} ${span.resource}${factsOf(span)}`,
      ...outline(spans, span, depth + 1),
    ]);
}

function factsOf({ metrics, meta }: ReceivedSpan): string {
  const tokens = metrics["llm.total_tokens"];
  const cost = metrics["llm.cost.total_usd"];
  if (tokens !== undefined) return ` · ${tokens} tokens, ${cost?.toFixed(6) ?? "?"} USD`;
  const calls = metrics["agent.run.model_calls"];
  const outcome = meta["agent.outcome"];
  if (calls !== undefined) {
    const total = metrics["agent.run.cost_usd"];
    return ` · ${outcome}, ${calls} model calls${total === undefined ? "" : `, ${total.toFixed(6)} USD`}`;
  }
  return outcome === undefined ? "" : ` · ${outcome}`;
}
