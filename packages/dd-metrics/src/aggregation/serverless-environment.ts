import type { Environment } from "@llmdevops/dd-core";

/** Variables of which all are set in one kind of function, as dd-trace tells them. */
const marks: readonly (readonly string[])[] = [
  ["AWS_LAMBDA_FUNCTION_NAME"],
  ["FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME"],
  ["K_SERVICE", "FUNCTION_TARGET"],
  ["FUNCTION_NAME", "GCP_PROJECT"],
];

/** Whether this is a function in the cloud: AWS Lambda, Azure Functions, or Google Cloud's functions. */
export function isServerless(environment: Environment): boolean {
  return marks.some((names) => names.every((name) => environment[name] !== undefined));
}
