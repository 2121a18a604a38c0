import type { AgentAnswer } from "@llmdevops/dd-core";
import type { CheckItem } from "./check-item.ts";

const remedy =
  "Start the Datadog Agent, or say where it is with DD_TRACE_AGENT_URL or DD_AGENT_HOST.";

/** What the Agent has answered; `undefined` where it has not been waited for. */
export function checkAgent(url: string, answer: AgentAnswer | undefined): CheckItem {
  const topic = "Agent";
  if (answer === undefined) {
    return { topic, status: "info", finding: `${url} has not been asked: the process ended first` };
  }
  if (!answer.reachable) {
    const finding = `${url} cannot be reached: ${answer.reason ?? "no answer"}`;
    return { topic, status: "error", finding, remedy };
  }
  const version = answer.version === undefined ? "unknown version" : `version ${answer.version}`;
  return { topic, status: "ok", finding: `${url} answers, ${version}` };
}
