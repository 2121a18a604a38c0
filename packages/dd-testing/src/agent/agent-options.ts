/** Options of the embedded Agent. */
export interface TestAgentOptions {
  /**
   * Port of the HTTP server on 127.0.0.1; 0 lets the system choose.
   * @default 0
   */
  readonly port?: number;
  /**
   * Path of a unix socket on which the HTTP server listens as well; it must not exist. Empty for none.
   * @default ""
   */
  readonly socketPath?: string;
  /**
   * UDP port of the DogStatsD server on 127.0.0.1; 0 lets the system choose.
   * @default 0
   */
  readonly dogstatsdPort?: number;
  /**
   * Path of a unix socket of the stream kind on which DogStatsD listens as well, with the length of each packet
   * before it (`unixstream://`); it must not exist. Empty for none. Node cannot receive on those of the datagram kind.
   * @default ""
   */
  readonly dogstatsdSocketPath?: string;
  /**
   * Lets the process end although the agent was not stopped.
   * @default false
   */
  readonly unref?: boolean;
  /**
   * Sampling rates sent in the answer to traces, by `service:<name>,env:<name>`; 0–1.
   * @default { "service:,env:": 1 }
   */
  readonly rateByService?: Readonly<Record<string, number>>;
  /**
   * Version in the answer of `/info`.
   * @default "7.72.0"
   */
  readonly version?: string;
  /**
   * Largest body of a trace request, in bytes; a larger one is answered 413. The Agent's
   * `apm_config.max_payload_size`.
   * @default 26214400
   */
  readonly maxBodyBytes?: number;
  /**
   * Largest body of a request to `/evp_proxy` and the other intakes, in bytes. The Agent's
   * `evp_proxy_config.max_payload_size`.
   * @default 10485760
   */
  readonly maxProxyBodyBytes?: number;
  /**
   * Receive buffer of DogStatsD, in bytes; a longer datagram is cut there. The Agent's
   * `dogstatsd_buffer_size`.
   * @default 8192
   */
  readonly dogstatsdBufferBytes?: number;
  /**
   * Most spans kept; the oldest go first.
   * @default 50000
   */
  readonly maxSpans?: number;
  /**
   * Most metric messages kept.
   * @default 200000
   */
  readonly maxMetrics?: number;
  /**
   * Most DogStatsD events kept.
   * @default 10000
   */
  readonly maxEvents?: number;
  /**
   * Most service checks kept.
   * @default 10000
   */
  readonly maxServiceChecks?: number;
  /**
   * Most LLM Observability spans kept.
   * @default 20000
   */
  readonly maxLlmobsSpans?: number;
  /**
   * Most evaluations kept.
   * @default 10000
   */
  readonly maxEvaluations?: number;
  /**
   * Most log records kept.
   * @default 50000
   */
  readonly maxLogs?: number;
  /**
   * Most recorded requests, rejections and check failures kept, each.
   * @default 10000
   */
  readonly maxRequests?: number;
  /**
   * Most bytes kept of each kind of data, by its size on the wire.
   * @default 134217728
   */
  readonly maxBytes?: number;
}

/** The options with every default filled in. */
export type ResolvedAgentOptions = Required<TestAgentOptions>;

const mebibyte = 1024 * 1024;

const defaults: ResolvedAgentOptions = {
  port: 0,
  socketPath: "",
  dogstatsdPort: 0,
  dogstatsdSocketPath: "",
  unref: false,
  rateByService: { "service:,env:": 1 },
  version: "7.72.0",
  maxBodyBytes: 25 * mebibyte,
  maxProxyBodyBytes: 10 * mebibyte,
  dogstatsdBufferBytes: 8192,
  maxSpans: 50_000,
  maxMetrics: 200_000,
  maxEvents: 10_000,
  maxServiceChecks: 10_000,
  maxLlmobsSpans: 20_000,
  maxEvaluations: 10_000,
  maxLogs: 50_000,
  maxRequests: 10_000,
  maxBytes: 128 * mebibyte,
};

const highest: Readonly<Record<string, number>> = { port: 65_535, dogstatsdPort: 65_535 };

/**
 * Fills in the defaults and checks the numbers.
 *
 * @throws TypeError for an unknown option or a value of the wrong type.
 * @throws RangeError for a number that is out of range.
 */
export function resolveAgentOptions(options: TestAgentOptions): ResolvedAgentOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) checkOption(name, value);
  return { ...defaults, ...Object.fromEntries(given) };
}

function checkOption(name: string, value: unknown): void {
  const fallback = Object.hasOwn(defaults, name)
    ? defaults[name as keyof ResolvedAgentOptions]
    : undefined;
  if (fallback === undefined) throw new TypeError(`startTestAgent: unknown option ${name}`);
  if (typeof value !== typeof fallback || value === null) {
    throw new TypeError(`startTestAgent: ${name} must be of type ${typeof fallback}`);
  }
  if (typeof value === "number") {
    const most = highest[name] ?? Number.MAX_SAFE_INTEGER;
    if (!Number.isInteger(value) || value < 0 || value > most) {
      throw new RangeError(`startTestAgent: ${name} must be a whole number from 0 to ${most}`);
    }
  }
}
