import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import type { Recording } from "./recordings.ts";

/** Makes the recorded request through the AWS SDK; of a streamed answer, gives the stream. */
export async function requestBedrock(
  { url, request }: Recording,
  modelId: string,
  endpoint: string,
): Promise<unknown> {
  const client = new BedrockRuntimeClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  // The recorded request is what the SDK was given then; its type is only known at run time.
  const conversation = { ...(request as object), modelId } as never;
  const body = { modelId, contentType: "application/json", body: JSON.stringify(request) };
  const operation = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  switch (operation) {
    case "converse":
      return await client.send(new ConverseCommand(conversation));
    case "converse-stream":
      return (await client.send(new ConverseStreamCommand(conversation))).stream;
    case "invoke":
      return await client.send(new InvokeModelCommand(body));
    default:
      return (await client.send(new InvokeModelWithResponseStreamCommand(body))).body;
  }
}
