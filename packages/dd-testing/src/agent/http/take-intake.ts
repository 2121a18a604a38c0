import { readEvaluations } from "../intake/evaluation.ts";
import { IntakeError } from "../intake/intake-error.ts";
import { readLlmobsSpans } from "../intake/llmobs-span.ts";
import { readLogs } from "../intake/log-record.ts";
import { parseJson } from "../json-value.ts";
import type { AgentRequest, RouteContext } from "./agent-request.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { decompress } from "./decompress.ts";

/**
 * Takes a payload of LLM Observability spans: all of it or none.
 *
 * @throws IntakeError where it is refused.
 */
export async function takeLlmobsSpans(
  request: AgentRequest,
  context: RouteContext,
): Promise<Answer> {
  for (const { span, bytes } of readLlmobsSpans(await readJson(request, context))) {
    context.records.add("llmobsSpans", span, bytes);
  }
  return jsonAnswer({}, 202);
}

/**
 * Takes a payload of evaluations: all of it or none.
 *
 * @throws IntakeError where it is refused.
 */
export async function takeEvaluations(
  request: AgentRequest,
  context: RouteContext,
): Promise<Answer> {
  for (const { evaluation, bytes } of readEvaluations(await readJson(request, context))) {
    context.records.add("evaluations", evaluation, bytes);
  }
  return jsonAnswer({}, 202);
}

/**
 * Takes a payload of logs: all of it or none.
 *
 * @throws IntakeError where it is refused.
 */
export async function takeLogs(request: AgentRequest, context: RouteContext): Promise<Answer> {
  const body = await plainBody(request, context);
  for (const { log, bytes } of readLogs(body, request.headers["content-type"] ?? "")) {
    context.records.add("logs", log, bytes);
  }
  return jsonAnswer({}, 202);
}

async function readJson(request: AgentRequest, context: RouteContext): Promise<unknown> {
  const body = await plainBody(request, context);
  const value = parseJson(body.toString("utf8"));
  if (value === undefined) throw new IntakeError(400, "the body is no JSON");
  return value;
}

function plainBody(request: AgentRequest, context: RouteContext): Promise<Buffer> {
  return decompress(
    request.body,
    request.headers["content-encoding"],
    context.options.maxProxyBodyBytes,
  );
}
