import {
  arrayAt,
  isRecord,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "../formats/unknown-record.ts";

type Scalar = string | number | boolean;

/** Parameters that say how a model answers; none of them holds content or names a person. */
const names: ReadonlyMap<string, string> = new Map(
  [
    "temperature",
    "top_p",
    "top_k",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "max_tool_calls",
    "frequency_penalty",
    "presence_penalty",
    "seed",
    "n",
    "logprobs",
    "top_logprobs",
    "parallel_tool_calls",
    "service_tier",
    "reasoning_effort",
    "verbosity",
    "store",
    "background",
    "truncation",
    "inference_geo",
    "speed",
    "dimensions",
    "encoding_format",
    "size",
    "quality",
    "voice",
    "response_format",
    "completion_window",
  ].map((name) => [name, name]),
);

/** The same by Gemini's and Amazon Bedrock's names. */
const camelCaseNames: ReadonlyMap<string, string> = new Map([
  ["temperature", "temperature"],
  ["topP", "top_p"],
  ["topK", "top_k"],
  ["maxOutputTokens", "max_output_tokens"],
  ["maxTokens", "max_tokens"],
  ["candidateCount", "n"],
  ["seed", "seed"],
  ["frequencyPenalty", "frequency_penalty"],
  ["presencePenalty", "presence_penalty"],
  ["responseMimeType", "response_format"],
  ["serviceTier", "service_tier"],
  ["outputDimensionality", "dimensions"],
  ["taskType", "task_type"],
]);

const maximumToolNames = 64;
const maximumTextLength = 200;

/** Reads the parameters of a request in the names of OpenAI and Anthropic. */
export function readCallParameters(request: UnknownRecord): Record<string, Scalar> {
  const parameters = scalarsOf(request, names);
  setText(parameters, "reasoning_effort", recordAt(request, "reasoning"), "effort");
  setText(parameters, "reasoning_effort", recordAt(request, "output_config"), "effort");
  setText(parameters, "verbosity", recordAt(request, "text"), "verbosity");
  setText(parameters, "response_format", recordAt(request, "response_format"), "type");
  setText(parameters, "response_format", recordAt(recordAt(request, "text"), "format"), "type");
  setText(
    parameters,
    "response_format",
    recordAt(recordAt(request, "output_config"), "format"),
    "type",
  );
  setText(parameters, "tool_choice", request, "tool_choice");
  setText(parameters, "tool_choice", recordAt(request, "tool_choice"), "type");
  setText(parameters, "thinking", recordAt(request, "thinking"), "type");
  setNumber(parameters, "thinking_budget", recordAt(request, "thinking"), "budget_tokens");
  setToolNames(parameters, recordsOf(arrayAt(request, "tools")).map(toolName));
  return parameters;
}

/** Reads the parameters that Gemini, Amazon Bedrock and the AI SDK name in camel case. */
export function readCamelCaseParameters(source: UnknownRecord): Record<string, Scalar> {
  return scalarsOf(source, camelCaseNames);
}

/** Reads the parameters of a Gemini request from its `config`. */
export function readGeminiParameters(config: UnknownRecord): Record<string, Scalar> {
  const parameters = readCamelCaseParameters(config);
  const thinking = recordAt(config, "thinkingConfig");
  setNumber(parameters, "thinking_budget", thinking, "thinkingBudget");
  setText(parameters, "reasoning_effort", thinking, "thinkingLevel");
  const declared = recordsOf(arrayAt(config, "tools")).flatMap((tool) =>
    recordsOf(arrayAt(tool, "functionDeclarations")).map(toolName),
  );
  setToolNames(parameters, declared);
  return parameters;
}

function scalarsOf(
  source: UnknownRecord,
  wanted: ReadonlyMap<string, string>,
): Record<string, Scalar> {
  const scalars: Record<string, Scalar> = {};
  for (const [key, name] of wanted) {
    const value = source[key];
    if (typeof value === "number" || typeof value === "boolean") scalars[name] = value;
    else if (typeof value === "string") scalars[name] = value.slice(0, maximumTextLength);
  }
  return scalars;
}

function setText(
  parameters: Record<string, Scalar>,
  name: string,
  source: UnknownRecord,
  key: string,
): void {
  const text = textAt(source, key);
  if (text !== undefined) parameters[name] = text.slice(0, maximumTextLength);
}

function setNumber(
  parameters: Record<string, Scalar>,
  name: string,
  source: UnknownRecord,
  key: string,
): void {
  const value = source[key];
  if (typeof value === "number") parameters[name] = value;
}

/** A tool is named in itself, in its `function`, or only by its type (OpenAI's built-in tools). */
function toolName(tool: UnknownRecord): string | undefined {
  const declared = tool["function"];
  return (
    textAt(tool, "name") ??
    (isRecord(declared) ? textAt(declared, "name") : undefined) ??
    textAt(tool, "type")
  );
}

function setToolNames(
  parameters: Record<string, Scalar>,
  toolNames: readonly (string | undefined)[],
): void {
  const named = toolNames.filter((name) => name !== undefined).slice(0, maximumToolNames);
  if (named.length > 0) parameters["tool_names"] = named.join(",");
}
