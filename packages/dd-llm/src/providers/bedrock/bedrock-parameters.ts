import {
  arrayAt,
  isRecord,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";
import { readCallParameters, readCamelCaseParameters } from "../call-parameters.ts";

type Parameters = Readonly<Record<string, string | number | boolean>>;

/**
 * Parameters of the Converse API
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html).
 */
export function readConverseParameters(input: UnknownRecord): Parameters {
  const tools = recordAt(input, "toolConfig");
  const guardrail = recordAt(input, "guardrailConfig");
  return withTexts(
    {
      ...readCallParameters({
        ...recordAt(input, "additionalModelRequestFields"),
        tools: recordsOf(arrayAt(tools, "tools")).map((tool) => recordAt(tool, "toolSpec")),
      }),
      ...readCamelCaseParameters(recordAt(input, "inferenceConfig")),
    },
    {
      tool_choice: Object.keys(recordAt(tools, "toolChoice"))[0],
      guardrail_id: textAt(guardrail, "guardrailIdentifier"),
      guardrail_version: textAt(guardrail, "guardrailVersion"),
      latency: textAt(recordAt(input, "performanceConfig"), "latency"),
      service_tier: textAt(recordAt(input, "serviceTier"), "type"),
      response_format: textAt(recordAt(recordAt(input, "outputConfig"), "textFormat"), "type"),
    },
  );
}

/**
 * Parameters of InvokeModel, whose body has the form of its model: Claude and Mistral at the top, Amazon Titan and
 * Nova in an object of their own, Meta Llama with names of its own.
 */
export function readInvokeModelParameters(input: UnknownRecord, body: UnknownRecord): Parameters {
  const titan = recordAt(body, "textGenerationConfig");
  const tokens = titan["maxTokenCount"] ?? body["max_gen_len"];
  return withTexts(
    {
      ...readCallParameters(body),
      ...readCamelCaseParameters(titan),
      ...readConverseParameters(isRecord(body["inferenceConfig"]) ? body : {}),
      ...(typeof tokens === "number" ? { max_tokens: tokens } : {}),
    },
    {
      guardrail_id: textAt(input, "guardrailIdentifier"),
      guardrail_version: textAt(input, "guardrailVersion"),
      latency: textAt(input, "performanceConfigLatency"),
      service_tier: textAt(input, "serviceTier"),
    },
  );
}

function withTexts(
  parameters: Parameters,
  texts: Readonly<Record<string, string | undefined>>,
): Parameters {
  const known = Object.entries(texts).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  return { ...parameters, ...Object.fromEntries(known) };
}
