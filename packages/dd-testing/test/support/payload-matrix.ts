import { msgpack, oneSpanPayload } from "./trace-payload.ts";

type Payload = Uint8Array<ArrayBuffer>;

const fields = [
  "trace_id",
  "span_id",
  "parent_id",
  "name",
  "service",
  "resource",
  "type",
  "start",
  "duration",
  "error",
  "meta",
  "metrics",
  "meta_struct",
  "span_links",
  "span_events",
] as const;

/** One value of every kind that MessagePack has, and the ends of what fits. */
const values: readonly (readonly [string, unknown])[] = [
  ["text", "text"],
  ["an empty text", ""],
  ["a fraction", 1.5],
  ["true", true],
  ["nil", null],
  ["a negative number", -7],
  ["the largest number", 2n ** 64n - 1n],
  ["an array", [1]],
  ["a map", { a: "b" }],
  ["bytes", Uint8Array.of(1, 2)],
];

/** Every field with a value of every kind, and a tag, a metric and a trace of each kind. */
export const payloadMatrix: readonly (readonly [title: string, payload: Payload])[] = [
  ...fields.flatMap((field) =>
    values.map(
      ([title, value]) => [`${field}: ${title}`, oneSpanPayload({ [field]: value })] as const,
    ),
  ),
  ...values.map(
    ([title, value]) => [`a tag: ${title}`, oneSpanPayload({ meta: { a: value } })] as const,
  ),
  ...values.map(
    ([title, value]) => [`a metric: ${title}`, oneSpanPayload({ metrics: { a: value } })] as const,
  ),
  ...values.map(([title, value]) => [`a trace: ${title}`, msgpack([value])] as const),
];
