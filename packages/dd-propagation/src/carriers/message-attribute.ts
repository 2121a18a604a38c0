import { headerText, isRecord } from "./header-text.ts";

/** SQS and SNS: a message has at most ten attributes. */
export const maximumMessageAttributes = 10;

/** The attribute that Datadog's tracers keep all headers in, as a JSON object. */
export const datadogAttribute = "_datadog";

const longestText = 65_536;

/**
 * The text of a message attribute in any of the forms the AWS services hand it out: the SDK's (`StringValue`,
 * `BinaryValue`), Lambda's (`stringValue`, `binaryValue`) and a notification's (`Type`, `Value`).
 */
export function attributeText(attribute: unknown): string | undefined {
  if (!isRecord(attribute)) return undefined;
  const { StringValue, stringValue, BinaryValue, binaryValue, Type, Value } = attribute;
  const text = StringValue ?? stringValue;
  if (typeof text === "string") return text;
  const binary = BinaryValue ?? binaryValue;
  if (binary instanceof Uint8Array) return headerText(binary);
  const value = binary ?? Value;
  if (typeof value !== "string") return undefined;
  return binary !== undefined || Type === "Binary" ? fromBase64(value) : value;
}

function fromBase64(value: string): string | undefined {
  if (value.length > longestText) return undefined;
  try {
    return headerText(Uint8Array.from(atob(value), (character) => character.charCodeAt(0)));
  } catch {
    // Not base64: some consumers have decoded the value already.
    return value;
  }
}

/** Reads a JSON object of headers; anything else gives an empty one. */
export function parseTextMap(
  text: string | undefined,
  longest: number = longestText,
): Record<string, unknown> {
  if (text === undefined || text.length > longest) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
