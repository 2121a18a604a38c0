import { isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import {
  attributeText,
  datadogAttribute,
  maximumMessageAttributes,
  parseTextMap,
} from "./message-attribute.ts";
import { RecordCarrier } from "./record-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** Message attributes of SQS or SNS by name. */
export type MessageAttributes = Record<string, unknown>;

/** How headers are kept in message attributes. */
export interface MessageAttributesOptions {
  /**
   * `"datadog"` keeps all headers as JSON in the one attribute `_datadog`, which Datadog's consumers read;
   * `"separate"` gives each header an attribute of its own, as OpenTelemetry's do. Both are read in any case.
   *
   * @default "datadog"
   */
  readonly form?: "datadog" | "separate";
}

/** Makes the attribute that holds a text. */
type AttributeOf = (text: string) => Record<string, unknown>;

/**
 * The carrier that SQS and SNS share. A message that has ten attributes of others already takes no writes:
 * an eleventh would make the service refuse the whole message.
 */
export function messageAttributesCarrier(
  attributes: MessageAttributes | null | undefined,
  options: MessageAttributesOptions,
  attributeOf: AttributeOf,
): TraceContextCarrier {
  if (!isRecord(attributes)) return inertCarrier("the message has no attributes");
  const headers = parseTextMap(attributeText(attributes[datadogAttribute]));
  const inJson = new RecordCarrier(headers);
  const isSeparate = options.form === "separate";
  let refusal: string | undefined;
  const write = (name: string, attribute: Record<string, unknown>): void => {
    const isNew = !Object.hasOwn(attributes, name);
    if (isNew && Object.keys(attributes).length >= maximumMessageAttributes) {
      refusal = `the message has ${maximumMessageAttributes} attributes already`;
    } else {
      attributes[name] = attribute;
    }
  };
  return {
    get: (name) => attributeText(attributes[name]) ?? inJson.get(name),
    set(name, value) {
      if (isSeparate) {
        write(name, { DataType: "String", StringValue: value });
        return;
      }
      inJson.set(name, value);
      write(datadogAttribute, attributeOf(JSON.stringify(headers)));
    },
    keys: () => [
      ...Object.keys(attributes).filter((name) => name !== datadogAttribute),
      ...inJson.keys(),
    ],
    get refusal() {
      return refusal;
    },
  };
}
