import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Other makers' packages that the benchmarks compare with; exact, so that a figure can be had again. */
const versions: Readonly<Record<string, string>> = {
  "@langfuse/otel": "5.11.1",
  "@langfuse/tracing": "5.11.1",
  "@opentelemetry/api": "1.9.1",
  "@opentelemetry/exporter-metrics-otlp-proto": "0.221.0",
  "@opentelemetry/exporter-trace-otlp-http": "0.221.0",
  "@opentelemetry/exporter-trace-otlp-proto": "0.221.0",
  "@opentelemetry/sdk-metrics": "2.12.0",
  "@opentelemetry/sdk-trace-node": "2.12.0",
  "@traceloop/node-server-sdk": "0.27.0",
};

/** Where peers are installed on demand, and in which versions. */
export interface InstalledPeers {
  readonly folder: string;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Installs Langfuse, OpenLLMetry and OpenTelemetry once, beside the workspace's own packages and not among them:
 * together they are some hundred megabytes that only a benchmark needs.
 *
 * @returns `undefined`, with a line on standard error that says why, where that cannot be done.
 */
export function installedPeers(): InstalledPeers | undefined {
  const manifest = JSON.stringify({ private: true, dependencies: versions });
  const key = createHash("sha256").update(manifest).digest("hex").slice(0, 12);
  const cache = fileURLToPath(new URL("../../../node_modules/.cache", import.meta.url));
  const folder = join(cache, `bench-peers-${key}`);
  if (existsSync(join(folder, "complete"))) return { folder, versions };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), manifest);
  process.stderr.write("· installing Langfuse, OpenLLMetry and OpenTelemetry (first time)\n");
  try {
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], {
      cwd: folder,
      stdio: "ignore",
      timeout: 300_000,
    });
  } catch {
    process.stderr.write(
      "skipped: Langfuse, OpenLLMetry and OpenTelemetry cannot be installed here\n",
    );
    return undefined;
  }
  writeFileSync(join(folder, "complete"), "");
  return { folder, versions };
}
