// An application that is registered with the integration http: its requests carry the trace, however it loads http.
import assert from "node:assert/strict";
import http from "node:http";
import { getClient } from "@llmdevops/dd";

const server = http.createServer((request, response) => {
  getClient().trace("order.load", () => response.end(JSON.stringify(request.headers)));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const text = await new Promise((resolve, reject) => {
  const request = http.get({ port: server.address().port, agent: false }, async (response) => {
    resolve(Buffer.concat(await response.toArray()).toString());
  });
  request.on("error", reject);
});
server.close();
assert.match(JSON.parse(text).traceparent ?? "", /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
assert.equal(getClient().health().spans.finished, 1);
process.stdout.write("register works\n");
process.exit();
