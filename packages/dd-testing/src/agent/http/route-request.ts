import type { ResolvedAgentOptions } from "../agent-options.ts";
import { IntakeError } from "../intake/intake-error.ts";
import type { Rejection } from "../recorded-request.ts";
import { TracePayloadError } from "../traces/trace-payload-error.ts";
import { agentInfo } from "./agent-info.ts";
import type { AgentRequest, RouteContext } from "./agent-request.ts";
import { type Answer, jsonAnswer, textAnswer } from "./answer.ts";
import { takeEvaluations, takeLlmobsSpans, takeLogs } from "./take-intake.ts";
import { takeOtlpLogs, takeOtlpMetrics, takeOtlpTraces } from "./take-otlp.ts";
import { takeStats, takeTraces } from "./take-traces.ts";

type Route = (request: AgentRequest, context: RouteContext) => Answer | Promise<Answer>;

const accepted: Route = () => jsonAnswer({}, 202);
const done: Route = () => jsonAnswer({});

const routes: Readonly<Record<string, Route>> = {
  "/info": (_request, { options, dogstatsd, port }) =>
    jsonAnswer(agentInfo(options.version, dogstatsd.port, port)),
  "/v0.3/traces": takeTraces,
  "/v0.4/traces": takeTraces,
  "/v0.5/traces": takeTraces,
  "/v0.7/traces": takeTraces,
  "/v1.0/traces": takeTraces,
  "/v0.6/stats": takeStats,
  "/v0.1/pipeline_stats": done,
  "/v0.7/config": done,
  "/profiling/v1/input": done,
  "/tracer_flare/v1": done,
  "/debugger/v1/input": done,
  "/debugger/v1/diagnostics": done,
  "/debugger/v2/input": done,
  "/dogstatsd/v1/proxy": takeDogstatsd,
  "/dogstatsd/v2/proxy": takeDogstatsd,
  "/api/v2/logs": takeLogs,
  "/v1/input": takeLogs,
  "/v1/traces": takeOtlpTraces,
  "/v1/metrics": takeOtlpMetrics,
  "/v1/logs": takeOtlpLogs,
};

const intakeRoutes: Readonly<Record<string, Route>> = {
  "/api/v2/llmobs": takeLlmobsSpans,
  "/api/intake/llm-obs/v1/eval-metric": takeEvaluations,
  "/api/intake/llm-obs/v2/eval-metric": takeEvaluations,
  "/api/v2/logs": takeLogs,
};

const evpPath = /^\/evp_proxy\/v[1-4](\/.+)$/;

/** The largest body of a request to a path, in bytes: traces have their own limit. */
export function bodyLimit(path: string, options: ResolvedAgentOptions): number {
  return /^\/v[01]\.\d\/(?:traces|stats)$/.test(path)
    ? options.maxBodyBytes
    : options.maxProxyBodyBytes;
}

/**
 * Answers one request as the Agent does, and keeps what it brought.
 *
 * Never rejects: a payload that is refused becomes an answer with the reason, and a rejection.
 */
export async function routeRequest(request: AgentRequest, context: RouteContext): Promise<Answer> {
  try {
    const route = findRoute(request.path, context);
    if (route === undefined) return textAnswer(404, "404 page not found\n");
    const reads = request.path === "/info";
    if (!reads && request.method !== "POST" && request.method !== "PUT") {
      return textAnswer(405, `${request.method} is not allowed here\n`);
    }
    return await route(request, context);
  } catch (error) {
    const refusal = { path: request.path, bodySize: request.body.length };
    if (error instanceof TracePayloadError) return refuse(refusal, context, 400, error.message);
    if (error instanceof IntakeError) return refuse(refusal, context, error.status, error.message);
    // A fault of the agent itself must reach the test, not vanish in an unhandled rejection.
    return refuse(refusal, context, 500, `internal error: ${String(error)}`);
  }
}

/** Reasons quote the payload, which may hold names of any length. */
const longestReason = 1000;

/** Records that a payload was refused, and makes the answer that says so. */
export function refuse(
  refusal: Pick<Rejection, "path" | "bodySize">,
  context: Pick<RouteContext, "records">,
  status: number,
  reason: string,
): Answer {
  const shown = reason.slice(0, longestReason);
  context.records.add("rejections", { ...refusal, status, reason: shown }, shown.length);
  return textAnswer(status, `${shown}\n`);
}

function findRoute(path: string, { records }: RouteContext): Route | undefined {
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route !== undefined) return route;
  if (path.startsWith("/telemetry/proxy/")) return accepted;
  const target = evpPath.exec(path)?.[1];
  if (target === undefined) return undefined;
  return (request, context) => {
    if (request.headers["x-datadog-evp-subdomain"] === undefined) {
      records.add(
        "checkFailures",
        {
          check: "evp_subdomain_header",
          path,
          message: "X-Datadog-EVP-Subdomain is missing; the Agent answers 502 without it",
        },
        path.length,
      );
    }
    const intake = Object.hasOwn(intakeRoutes, target) ? intakeRoutes[target] : undefined;
    return (intake ?? accepted)(request, context);
  };
}

function takeDogstatsd(request: AgentRequest, { dogstatsd }: RouteContext): Answer {
  dogstatsd.receiveLines(request.body);
  return textAnswer(200, "");
}
