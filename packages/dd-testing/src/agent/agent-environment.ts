/**
 * The environment variables that point dd-trace and hot-shots in a child process at the agent, and
 * switch off what a test does not want: telemetry, remote configuration, crash tracking, start-up logs.
 *
 * @param httpPort TCP port of the trace receiver on 127.0.0.1.
 * @param dogstatsdPort UDP port of DogStatsD on 127.0.0.1.
 */
export function agentEnvironment(httpPort: number, dogstatsdPort: number): Record<string, string> {
  return {
    DD_TRACE_AGENT_URL: `http://127.0.0.1:${httpPort}`,
    DD_AGENT_HOST: "127.0.0.1",
    DD_TRACE_AGENT_PORT: String(httpPort),
    DD_DOGSTATSD_HOST: "127.0.0.1",
    DD_DOGSTATSD_PORT: String(dogstatsdPort),
    // hot-shots prefers this one, so an inherited value would win.
    DD_DOGSTATSD_URL: `udp://127.0.0.1:${dogstatsdPort}`,
    // Without this, a failed look at /info would make dd-trace send to the real intake.
    DD_LLMOBS_AGENTLESS_ENABLED: "false",
    DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
    DD_REMOTE_CONFIGURATION_ENABLED: "false",
    DD_CRASHTRACKING_ENABLED: "false",
    DD_TRACE_STARTUP_LOGS: "false",
  };
}
