export type { MetricTotals } from "./metric-totals.ts";
export {
  type RealAgent,
  type RealAgentOptions,
  realAgentUnavailable,
  startRealAgent,
} from "./start-real-agent.ts";
