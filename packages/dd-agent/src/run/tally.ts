/** What is counted of agents' work. Money and time are whole numbers, so that sums are exact in any order. */
export interface Tally {
  agents: number;
  failedAgents: number;
  steps: number;
  toolCalls: number;
  toolErrors: number;
  cachedToolCalls: number;
  modelCalls: number;
  modelErrors: number;
  /** Model calls whose price is not known; they are not part of the cost. */
  unpricedModelCalls: number;
  inputTokens: number;
  outputTokens: number;
  /** Billionths of a US dollar. */
  costNanoUsd: number;
  retries: number;
  handoffs: number;
  waits: number;
  agentMicros: number;
  modelMicros: number;
  toolMicros: number;
  waitMicros: number;
}

/** A tally of nothing. */
export function emptyTally(): Tally {
  return {
    agents: 0,
    failedAgents: 0,
    steps: 0,
    toolCalls: 0,
    toolErrors: 0,
    cachedToolCalls: 0,
    modelCalls: 0,
    modelErrors: 0,
    unpricedModelCalls: 0,
    inputTokens: 0,
    outputTokens: 0,
    costNanoUsd: 0,
    retries: 0,
    handoffs: 0,
    waits: 0,
    agentMicros: 0,
    modelMicros: 0,
    toolMicros: 0,
    waitMicros: 0,
  };
}

/** A tally as the application sees it. */
export interface WorkSummary {
  /** Agent spans that have ended. */
  readonly agents: number;
  /** Agent spans that ended with an error. */
  readonly failedAgents: number;
  /** Steps, tool calls and waits. */
  readonly steps: number;
  /** Tool calls that have been started. */
  readonly toolCalls: number;
  /** Tool calls that ended with an error. */
  readonly toolErrors: number;
  /** Tool calls that a cache answered, by `setCached`. */
  readonly cachedToolCalls: number;
  /** Model calls that have ended, failed ones included. */
  readonly modelCalls: number;
  /** Model calls that failed. */
  readonly modelErrors: number;
  /** Model calls that succeeded and whose price is not known; they are not part of `costUsd`. */
  readonly unpricedModelCalls: number;
  /** Tokens of prompts, those of caches included. */
  readonly inputTokens: number;
  /** Tokens of answers, reasoning included. */
  readonly outputTokens: number;
  /** Input and output tokens together. */
  readonly totalTokens: number;
  /** What the model calls with a known price cost (USD), exact to a billionth. */
  readonly costUsd: number;
  /** Failed agents, tool calls and model calls. */
  readonly errors: number;
  /** Retries that tools and model calls have reported. */
  readonly retries: number;
  /** Hand-offs from one agent to another. */
  readonly handoffs: number;
  /** Summed durations of the agent spans (ms); sub-agents count in those of their parents too. */
  readonly agentMs: number;
  /** Summed durations of model calls (ms); of parallel ones more than the clock shows. */
  readonly modelMs: number;
  /** Summed durations of tool calls (ms), with whatever ran inside of them. */
  readonly toolMs: number;
  /** Summed durations of waits for people (ms). */
  readonly waitMs: number;
}

/** Puts a tally into the application's units. */
export function summarizeTally(tally: Readonly<Tally>): WorkSummary {
  const {
    costNanoUsd,
    waits: _,
    agentMicros,
    modelMicros,
    toolMicros,
    waitMicros,
    ...counts
  } = tally;
  return {
    ...counts,
    totalTokens: tally.inputTokens + tally.outputTokens,
    costUsd: costNanoUsd / 1e9,
    errors: tally.failedAgents + tally.toolErrors + tally.modelErrors,
    agentMs: agentMicros / 1e3,
    modelMs: modelMicros / 1e3,
    toolMs: toolMicros / 1e3,
    waitMs: waitMicros / 1e3,
  };
}
