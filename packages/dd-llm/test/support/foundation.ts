import { createFoundation, type Foundation, silentLogger } from "@llmdevops/dd-core";

/** The guard and the diagnostics as they are in an application, without a tracer. */
export function testFoundation(): Foundation {
  return createFoundation({ service: "dd-llm-test", logger: silentLogger });
}
