import { isRecord, textAt, type UnknownRecord } from "../formats/unknown-record.ts";

/**
 * Errors whose messages quote what a model or a tool has said: of the AI SDK
 * (https://ai-sdk.dev/docs/reference/ai-sdk-errors), LangChain and LangGraph.
 */
const quotingNames: ReadonlySet<unknown> = new Set([
  "AI_InvalidArgumentError",
  "AI_InvalidPromptError",
  "AI_InvalidResponseDataError",
  "AI_InvalidToolArgumentsError",
  "AI_InvalidToolInputError",
  "AI_JSONParseError",
  "AI_ToolCallRepairError",
  "AI_TypeValidationError",
  "OutputParserException",
  "OutputParsingException",
  "ToolInputParsingException",
  "ToolInvocationError",
]);

const maximumCauses = 5;
const replacement = "What was said is quoted here, and left out.";

/**
 * An error as it may be recorded where no content is: where its message or that of a cause quotes what was said, a copy
 * with its name and the places in its stack, without those messages. Never throws.
 */
export function withoutQuotation(error: unknown): unknown {
  try {
    return copyOf(error, maximumCauses) ?? error;
  } catch {
    // Whoever refuses to be read is described by its kind alone.
    return new Error(replacement);
  }
}

/** The copy of an error that quotes, or whose causes do; `undefined` for any other. */
function copyOf(error: unknown, depth: number): Error | undefined {
  if (!isRecord(error)) return undefined;
  const cause = depth > 0 ? copyOf(error["cause"], depth - 1) : undefined;
  const isQuoting = quotes(error);
  if (!isQuoting && cause === undefined) return undefined;
  const message = textAt(error, "message") ?? "";
  const quoted = isRecord(error["cause"]) ? textAt(error["cause"], "message") : undefined;
  const passesOn = cause !== undefined && quoted !== undefined && message.includes(quoted);
  const copy = new Error(isQuoting || passesOn ? replacement : message, {
    cause: cause ?? error["cause"],
  });
  copy.name = textAt(error, "name") ?? "Error";
  copy.stack = [`${copy.name}: ${copy.message}`, ...placesOf(error, message)].join("\n");
  for (const key of ["code", "status", "statusCode"]) {
    if (error[key] !== undefined) Object.assign(copy, { [key]: error[key] });
  }
  return copy;
}

/** The lines of a stack that name places in the code: a message of several lines may have some that look alike. */
function placesOf(error: UnknownRecord, message: string): string[] {
  const stack = textAt(error, "stack") ?? "";
  const places = message === "" ? stack : stack.split(message).at(-1);
  return (places ?? "").split("\n").filter((line) => /^ {4}at \S.*:\d+\)?$/.test(line));
}

function quotes(error: object): boolean {
  const name: unknown = Reflect.get(error, "name");
  if (quotingNames.has(name)) return true;
  const message: unknown = Reflect.get(error, "message");
  return name === "SyntaxError" && typeof message === "string" && /\bJSON\b/.test(message);
}
