/** What the embedded Agent serves, as `/info` lists it. */
const servedEndpoints: readonly string[] = [
  "/v0.3/traces",
  "/v0.4/traces",
  "/v0.5/traces",
  "/v0.7/traces",
  "/v1.0/traces",
  "/v0.6/stats",
  "/v0.1/pipeline_stats",
  "/v0.7/config",
  "/profiling/v1/input",
  "/telemetry/proxy/",
  "/evp_proxy/v1/",
  "/evp_proxy/v2/",
  "/evp_proxy/v3/",
  "/evp_proxy/v4/",
  "/debugger/v1/input",
  "/debugger/v1/diagnostics",
  "/debugger/v2/input",
  "/dogstatsd/v1/proxy",
  "/dogstatsd/v2/proxy",
  "/tracer_flare/v1",
];

/**
 * The body of `/info`, with the fields a trace client looks at.
 *
 * Source: `pkg/trace/api/info.go` of the Agent.
 *
 * @param version Version of the Agent to show.
 * @param dogstatsdPort UDP port of DogStatsD.
 * @param receiverPort TCP port of the trace receiver.
 */
export function agentInfo(
  version: string,
  dogstatsdPort: number,
  receiverPort: number,
): Record<string, unknown> {
  return {
    version,
    git_commit: "",
    endpoints: servedEndpoints,
    feature_flags: [],
    client_drop_p0s: true,
    span_meta_structs: true,
    long_running_spans: true,
    span_events: true,
    evp_proxy_allowed_headers: [
      "Content-Type",
      "Accept-Encoding",
      "Content-Encoding",
      "User-Agent",
      "DD-CI-PROVIDER-NAME",
    ],
    config: {
      default_env: "none",
      target_tps: 10,
      max_eps: 200,
      receiver_port: receiverPort,
      receiver_socket: "",
      connection_limit: 0,
      receiver_timeout: 0,
      max_request_bytes: 26_214_400,
      statsd_port: dogstatsdPort,
      max_memory: 0,
      max_cpu: 0,
      analyzed_spans_by_service: {},
      obfuscation: {
        elastic_search: true,
        mongo: true,
        sql_exec_plan: false,
        sql_exec_plan_normalize: false,
        http: { remove_query_string: false, remove_path_digits: false },
        remove_stack_traces: false,
        redis: { Enabled: true, RemoveAllArgs: false },
        memcached: { Enabled: true, KeepCommand: false },
      },
    },
    peer_tags: ["db.hostname", "messaging.destination", "net.peer.name", "peer.service"],
    span_kinds_stats_computed: ["client", "consumer", "producer", "server"],
    obfuscation_version: 1,
  };
}
