/** One HTTP request as the embedded Agent saw it. */
export interface RecordedRequest {
  /** HTTP method, in capitals. */
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Lower-case names; headers that carry credentials are left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body that arrived, before any decompression. */
  readonly bodySize: number;
  /** Status of the answer; `null` where a fault kept the Agent from giving one. */
  readonly status: number | null;
  /** Name of the fault that was applied to this request. */
  readonly fault?: string;
}

/** Something the embedded Agent did not accept. */
export interface Rejection {
  /** HTTP path, or `"dogstatsd"`. */
  readonly path: string;
  /**
   * HTTP status of the answer. 200 means what it means with the Agent: the payload was accepted and a
   * trace in it was thrown away. `null` for DogStatsD, which has no answers.
   */
  readonly status: number | null;
  /** One sentence that says what was wrong with it. */
  readonly reason: string;
  /** Size of the refused payload or message, in bytes. */
  readonly bodySize: number;
}

/** A payload that the Agent accepts although it breaks a rule of Datadog's own test agent. */
export interface CheckFailure {
  /** Name of the rule. */
  readonly check:
    | "trace_count_header"
    | "meta_tracer_version_header"
    | "trace_content_length"
    | "meta_events_is_valid_json"
    | "evp_subdomain_header"
    | "dogstatsd_timestamp_type";
  /** HTTP path, or `"dogstatsd"`. */
  readonly path: string;
  /** One sentence that says which rule is broken and by what. */
  readonly message: string;
}

const credentials =
  /^(?:authorization|proxy-authorization|cookie|set-cookie)$|api[-_]?key|app(?:lication)?[-_]?key|token|secret/i;

/** The headers of a request without those that carry credentials. */
export function withoutCredentials(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || credentials.test(name) ? [] : [[name, String(value)]],
    ),
  );
}
