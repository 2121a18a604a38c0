import { createClient, defineService, markDeployment } from "@llmdevops/dd";
import { startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, expect, test } from "vitest";

const agent = await startTestAgent();
const client = createClient({
  service: "checkout",
  env: "test",
  version: "2.4.0",
  agent: { url: agent.url },
  dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
  sampling: { rate: 0 },
  git: {
    commitSha: "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
    repositoryUrl: "https://ada:hunter2@code.example.com/checkout.git",
  },
});
afterAll(async () => {
  await client.shutdown();
  await agent.stop();
});

test("a rollback arrives as a kept span linked to the deployment and the failed trace, and as an event", async () => {
  const marker = markDeployment(client, { previousVersion: "2.3.1", id: "canary-7" });
  const failed = client.startSpan("order.place", {
    tags: { "peer.service": "payments" },
  });
  failed.setError(new Error("no stock")).finish();
  markDeployment(client, {
    kind: "rollback",
    version: "2.3.1",
    rollsBack: marker,
    traces: [failed],
    reason: "ada@example.com saw errors",
  });
  await client.flush();
  await agent.waitFor({ spans: 3, events: 2 });

  const [deploy, rollback] = ["deploy", "rollback"].map((resource) =>
    agent.spans().find((span) => span.name === "deployment" && span.resource === resource),
  );
  expect(deploy?.meta).toMatchObject({
    version: "2.4.0",
    "_dd.git.commit.sha": "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
    "_dd.git.repository_url": "https://code.example.com/checkout.git",
    "deployment.version": "2.4.0",
    "deployment.id": "canary-7",
  });
  expect(rollback?.meta).toMatchObject({
    "deployment.kind": "rollback",
    "deployment.reason": "[EMAIL_REDACTED] saw errors",
  });
  const links = JSON.stringify(rollback?.meta["_dd.span_links"] ?? rollback);
  expect(links).toContain(marker.traceIdHex);
  expect(links).toContain(failed.context().traceIdHex);
  expect(agent.events().map(({ title, text }) => [title, text])).toEqual([
    ["Deployed checkout 2.4.0", "Deployed checkout 2.4.0"],
    ["Rolled back checkout 2.3.1", "[EMAIL_REDACTED] saw errors"],
  ]);
});

test("the services that were called are compared with those that the catalog has", () => {
  const checkout = defineService({ name: "checkout", team: "orders", dependsOn: ["stock"] });

  expect(checkout.compareDependencies(client.health().dependencies)).toEqual({
    undeclared: ["payments"],
    unseen: ["stock"],
  });
});
