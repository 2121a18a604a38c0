import { createServer } from "node:http";

/** A process of its own that takes everything; its cost must not be part of what is measured. */
const server = createServer((request, response) => {
  request.resume().on("end", () => response.end('{"rate_by_service":{"service:,env:":1}}'));
});
let port = 0;
function open(): void {
  server.listen(port, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object") port = address.port;
    process.send?.(port);
  });
}
open();
/** `close` makes it refuse connections, `open` takes them again; both are answered with the port. */
process.on("message", (message) => {
  if (message === "open") open();
  else server.close(() => process.send?.(port));
});
process.on("disconnect", () => process.exit());
