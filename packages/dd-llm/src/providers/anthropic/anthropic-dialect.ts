import {
  arrayAt,
  isRecord,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";
import { readCallParameters } from "../call-parameters.ts";
import type { PreparedRequest, StainlessDialect } from "../stainless-client.ts";

const messages = "/v1/messages";
const batches = "/v1/messages/batches";
const completions = "/v1/complete";

/** Understands the requests of the Anthropic SDK. */
export class AnthropicDialect implements StainlessDialect {
  readonly #provider: string;
  readonly #region: string | undefined;

  constructor(provider: string, region: string | undefined) {
    this.#provider = provider;
    this.#region = region;
  }

  isModelCall(path: string): boolean {
    const plain = withoutQuery(path);
    return plain === messages || plain === batches || plain === completions;
  }

  prepare(path: string, options: UnknownRecord): PreparedRequest {
    const plain = withoutQuery(path);
    const given = options["body"];
    const body = isRecord(given) ? given : {};
    const requests = plain === batches ? recordsOf(arrayAt(body, "requests")) : [];
    const sample = plain === batches ? recordAt(requests[0] ?? {}, "params") : body;
    return {
      request: {
        provider: this.#provider,
        model: textAt(sample, "model") ?? "unknown",
        requestType: plain === completions ? "completion" : "chat",
        input: sample,
        parameters: readCallParameters(sample),
        tags: {
          "llm.region": this.#region,
          "llm.batch": plain === batches ? true : undefined,
          "llm.batch_size": plain === batches ? requests.length : undefined,
        },
      },
      options,
    };
  }
}

/** The beta endpoints are the same paths with `?beta=true`. */
function withoutQuery(path: string): string {
  return path.split("?", 1)[0] ?? path;
}
