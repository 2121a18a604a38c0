// A user's CommonJS application: every package can be required, and a span arrives.
const assert = require("node:assert/strict");

for (const name of ["core", "propagation", "redaction", "metrics", "llm", "agent", "testing"]) {
  assert.ok(Object.keys(require(`@llmdevops/dd-${name}`)).length > 0, name);
}
const { createClient } = require("@llmdevops/dd");
const { startTestAgent } = require("@llmdevops/dd-testing");

async function main() {
  const agent = await startTestAgent();
  const client = createClient({ service: "consumer", agent: { url: agent.url } });
  client.startSpan("request").finish();
  await client.shutdown();
  await agent.waitFor({ spans: 1 });
  await agent.stop();
  process.stdout.write("require works\n");
}

void main();
