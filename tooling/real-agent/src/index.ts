export { type RealAgent, realAgentUnavailable, startRealAgent } from "./start-real-agent.ts";
