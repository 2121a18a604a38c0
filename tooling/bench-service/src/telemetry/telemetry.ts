/** What the service's model calls answer. */
export interface ModelResponse {
  readonly model: string;
  readonly choices: readonly {
    readonly message: { readonly content: string };
    readonly finish_reason: string;
  }[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
  };
}

/**
 * What the service says of itself; each tool under comparison says it in its own words.
 *
 * @typeParam Run What an agent's run is told to the tools that it calls.
 */
export interface Telemetry<Run = unknown> {
  /** The entry span of a request, its count and duration. */
  request<T>(fn: () => Promise<T>): Promise<T>;
  /** A run of the agent, with its count. */
  agent<T>(name: string, fn: (run: Run) => Promise<T>): Promise<T>;
  /** Any other span. */
  span<T>(name: string, tags: Readonly<Record<string, string>>, fn: () => Promise<T>): Promise<T>;
  /** A tool call, with its count. */
  tool<T>(run: Run, name: string, input: unknown, fn: () => Promise<T>): Promise<T>;
  /** A model call, with its count, duration, tokens and cost. */
  model(model: string, fn: () => Promise<ModelResponse>): Promise<ModelResponse>;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Makes a {@link Telemetry} that sends traces to `url` and datagrams to `dogstatsdPort` of this host. */
export type StartTelemetry<Run = unknown> = (receiver: {
  readonly url: string;
  readonly dogstatsdPort: number;
  /** Where the packages of other makers are installed. */
  readonly peers: string;
  /** Whether agents, tools and model calls go to Datadog's LLM Observability as well. */
  readonly llmobs: boolean;
}) => Telemetry<Run>;

/** USD for each token of the only model in use, for those tools that leave the arithmetic to the application. */
export const price = { input: 0.15e-6, output: 0.6e-6 } as const;
