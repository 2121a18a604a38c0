// npm run site: the pages of docs/ and the reference of every package as a static site in the folder site.
import { join } from "node:path";
import { install, root, run } from "./workspace.mjs";

await install();
process.exitCode = await run("npm", ["run", "--silent", "site"], {
  cwd: join(root, "tooling", "site"),
});
