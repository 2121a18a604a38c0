import { createClient } from "@llmdevops/dd";
import { startTestAgent } from "@llmdevops/dd-testing";
import { expect, test } from "vitest";

test("an Agent that goes away and comes back is not noticed, and takes what comes then", async () => {
  const agent = await startTestAgent();
  const errors: Error[] = [];
  const client = createClient({
    service: "shop",
    agent: { url: agent.url },
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
    onError: (error) => errors.push(error),
    selfTelemetryIntervalMs: 0,
  });
  const placed = client.counter("orders.placed");
  const arrived = () => agent.metrics().flatMap(({ values }) => values);

  placed.increment(1);
  await client.flush();
  await expect.poll(arrived).toEqual([1]);

  // The socket is closed, so that the system answers that nobody is there (ICMP).
  await agent.fail("refuse");
  for (const value of [2, 4, 8]) {
    placed.increment(value);
    await client.flush();
  }
  await agent.fail(null);
  placed.increment(16);
  await client.shutdown();

  await expect.poll(arrived).toEqual([1, 16]);
  expect(errors).toEqual([]);
  // UDP gives no receipt: what went to nobody counts as handed to the system.
  expect(client.health().metrics).toMatchObject({ recorded: 5, sent: 5, buffered: 0, dropped: {} });
  await agent.stop();
});
