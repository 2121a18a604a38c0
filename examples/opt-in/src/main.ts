import { openDatabase } from "./database.ts";
import { createModel } from "./model.ts";
import { createServer } from "./server.ts";

const database = await openDatabase(process.env["DATABASE_URL"]);
const server = createServer(database, createModel());

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await server.close();
    await database.close();
  });
}
const address = await server.listen({
  host: process.env["HOST"] ?? "127.0.0.1",
  port: Number(process.env["PORT"] ?? 8080),
});
process.stdout.write(`listening on ${address}\n`);
