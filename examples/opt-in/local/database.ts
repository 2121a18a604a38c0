import { startDatabase } from "./start-database.ts";

const database = await startDatabase(5432);
process.stdout.write(`DATABASE_URL=${database.url}\n`);
