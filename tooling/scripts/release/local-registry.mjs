// An npm registry of this machine alone: it holds what is published here and fetches everything else from npm's.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execute, nodePath } from "./execute.mjs";

const version = "6.10.4";
const startTimeMs = 180_000;

/** Starts verdaccio; npm uses it with the variables that are returned. */
export async function startRegistry(folder) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const upstream = execute(folder, "npm", ["config", "get", "registry"]).trim();
  writeFileSync(join(folder, "config.yaml"), configuration(folder, upstream));
  installVerdaccio(folder);
  const command = join(folder, "node_modules", "verdaccio", "bin", "verdaccio");
  const child = spawn(
    nodePath(),
    [command, "--config", "config.yaml", "--listen", `127.0.0.1:${port}`],
    {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let errors = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text) => {
    errors = `${errors}${text}`.slice(-4_000);
  });
  const stop = () => {
    child.kill("SIGTERM");
  };
  try {
    await answering(url, child, () => errors);
  } catch (error) {
    stop();
    throw error;
  }
  const npmrc = join(folder, "npmrc");
  // Everybody may publish, but npm refuses to try without a token.
  writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\n`);
  return { variables: { NPM_CONFIG_USERCONFIG: npmrc, NPM_CONFIG_REGISTRY: url }, stop };
}

function installVerdaccio(folder) {
  // It names a dependency by the tag `cjs`, which mirrors of the registry may not have; this is the version behind it.
  const manifest = { private: true, overrides: { "node-fetch": "2.7.0" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const flags = ["--no-audit", "--no-fund", "--loglevel=error"];
  execute(folder, "npm", ["install", ...flags, `verdaccio@${version}`]);
}

function configuration(folder, upstream) {
  const settings = {
    storage: join(folder, "storage"),
    max_body_size: "64mb",
    auth: { htpasswd: { file: join(folder, "htpasswd") } },
    uplinks: { npm: { url: upstream, timeout: "60s", cache: true } },
    packages: {
      "@llmdevops/*": { access: "$all", publish: "$all" },
      "**": { access: "$all", proxy: "npm" },
    },
    log: { type: "stdout", format: "pretty", level: "error" },
  };
  // JSON is YAML.
  return JSON.stringify(settings, undefined, 2);
}

async function answering(url, child, errors) {
  const end = performance.now() + startTimeMs;
  while (performance.now() < end) {
    if (child.exitCode !== null) break;
    try {
      if ((await fetch(`${url}-/ping`)).ok) return;
    } catch {
      // It is still starting.
    }
    await delay(200);
  }
  throw new Error(`The local registry did not start:\n${errors()}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
