import { createServer } from "node:http";

/** A process of its own that takes what every exporter sends; its cost must not be part of what is measured. */
const answers: Readonly<Record<string, string>> = {
  "/info": '{"version":"7.65.0","endpoints":["/v0.4/traces","/evp_proxy/v2/"]}',
};
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(answers[request.url ?? ""] ?? "{}");
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.send?.(address.port);
});
process.on("disconnect", () => process.exit());
