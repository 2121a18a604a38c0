// A process that has started its telemetry and then does nothing: `ours` or `dd-trace`.
const [kind, url, dogstatsdPort] = process.argv.slice(2);
if (kind === "ours") {
  const { createClient } = await import("@llmdevops/dd");
  createClient({
    service: "bench",
    agent: { url: url ?? "" },
    dogstatsd: { host: "127.0.0.1", port: Number(dogstatsdPort) },
    llmobs: { enabled: true },
  });
} else {
  const { default: tracer } = await import("dd-trace");
  tracer.init({ service: "bench", url: url ?? "", llmobs: { mlApp: "bench" } });
}
setInterval(() => {}, 60_000);
