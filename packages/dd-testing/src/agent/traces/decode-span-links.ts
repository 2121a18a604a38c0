import { MsgpackError } from "../msgpack/msgpack-error.ts";
import type { MsgpackReader } from "../msgpack/msgpack-reader.ts";
import type { ReceivedSpanLink } from "./received-span.ts";
import { traceIdHex } from "./trace-ids.ts";

interface LinkFields {
  traceId: bigint | undefined;
  traceIdHigh: bigint;
  spanId: bigint | undefined;
  attributes: [string, string][];
  tracestate: string | undefined;
  flags: number | undefined;
}

/** Reads the `span_links` of a v0.4 span: maps with integer ids and string attributes. */
export function decodeSpanLinks(reader: MsgpackReader): ReceivedSpanLink[] {
  const links: ReceivedSpanLink[] = [];
  const count = reader.readArrayHeader();
  for (let index = 0; index < count; index += 1) links.push(decodeLink(reader));
  return links;
}

function decodeLink(reader: MsgpackReader): ReceivedSpanLink {
  const link: LinkFields = {
    traceId: undefined,
    traceIdHigh: 0n,
    spanId: undefined,
    attributes: [],
    tracestate: undefined,
    flags: undefined,
  };
  const count = reader.readMapHeader();
  for (let index = 0; index < count; index += 1) {
    const field = reader.readString();
    if (!reader.skipNil()) readField(reader, link, field);
  }
  if (link.traceId === undefined) throw new MsgpackError("a span link has no trace_id");
  if (link.spanId === undefined) throw new MsgpackError("a span link has no span_id");
  return {
    traceId: link.traceId.toString(),
    traceIdHex: traceIdHex(link.traceId, link.traceIdHigh.toString(16).padStart(16, "0")),
    spanId: link.spanId.toString(),
    attributes: Object.fromEntries(link.attributes),
    ...(link.tracestate === undefined ? {} : { tracestate: link.tracestate }),
    ...(link.flags === undefined ? {} : { flags: link.flags }),
  };
}

function readField(reader: MsgpackReader, link: LinkFields, field: string): void {
  switch (field) {
    case "trace_id":
      link.traceId = reader.readUnsigned();
      break;
    case "trace_id_high":
      link.traceIdHigh = reader.readUnsigned();
      break;
    case "span_id":
      link.spanId = reader.readUnsigned();
      break;
    case "tracestate":
      link.tracestate = reader.readString();
      break;
    case "flags":
      link.flags = Number(reader.readInteger());
      break;
    case "attributes": {
      const count = reader.readMapHeader();
      for (let index = 0; index < count; index += 1) {
        link.attributes.push([reader.readString(), reader.readString()]);
      }
      break;
    }
    default:
      reader.skipValue();
  }
}
