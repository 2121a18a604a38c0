import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
} from "@aws-sdk/client-bedrock-runtime";
import type { ProviderServer } from "../../src/index.ts";

/** The official SDK as users create it, with the endpoint set and credentials that reach nobody. */
export function bedrockClient(
  server: ProviderServer,
  config: BedrockRuntimeClientConfig = {},
): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    endpoint: server.baseUrls.bedrock,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    ...config,
  });
}

/** One message of an Amazon event stream, read without the code under test. */
export interface StreamMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/** Reads the messages of an event stream; throws where a length does not add up. */
export function readMessages(bytes: Uint8Array): StreamMessage[] {
  const buffer = Buffer.from(bytes);
  const messages: StreamMessage[] = [];
  for (let start = 0; start < buffer.length; ) {
    const end = start + buffer.readUInt32BE(start);
    const headersEnd = start + 12 + buffer.readUInt32BE(start + 4);
    const headers: [name: string, value: string][] = [];
    for (let at = start + 12; at < headersEnd; ) {
      const nameEnd = at + 1 + buffer.readUInt8(at);
      const valueEnd = nameEnd + 3 + buffer.readUInt16BE(nameEnd + 1);
      const name = buffer.toString("utf8", at + 1, nameEnd);
      headers.push([name, buffer.toString("utf8", nameEnd + 3, valueEnd)]);
      at = valueEnd;
    }
    const payload = buffer.toString("utf8", headersEnd, end - 4);
    // By entries, since a header may be called `__proto__`.
    messages.push({ headers: Object.fromEntries(headers), payload });
    start = end;
  }
  return messages;
}
