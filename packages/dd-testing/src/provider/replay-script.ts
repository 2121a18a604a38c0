import { isDeepStrictEqual } from "node:util";
import { ownValue } from "./json-value.ts";
import type { ProviderRequest } from "./provider-request.ts";
import type { ProviderRecording } from "./recording.ts";
import type { ScriptedReply } from "./scripted-reply.ts";

/** How recorded answers are delivered; the fields of a reply that are about time and interruption. */
export type ReplayOptions = Pick<
  ScriptedReply,
  "chunkDelayMs" | "cutConnection" | "delayMs" | "gate" | "headers" | "truncateAfterChunks"
> & {
  /** How the bodies are cut into pieces; see `RawAnswer`. @default "events" */
  readonly pieces?: "events" | number | readonly number[];
};

interface Candidate {
  readonly recording: ProviderRecording;
  uses: number;
}

/** Whether a request asks for what a recording answers, apart from the words. */
function isLike(recording: ProviderRecording, request: ProviderRequest): boolean {
  const { request: asked } = recording;
  return ["model", "stream"].every((field) =>
    isDeepStrictEqual(ownValue(asked, field), ownValue(request.body, field)),
  );
}

/** Answers requests with recordings of the same path. */
export class ReplayScript {
  readonly #candidates: readonly Candidate[];
  readonly #options: ReplayOptions;

  constructor(recordings: readonly ProviderRecording[], options: ReplayOptions) {
    this.#candidates = recordings.map((recording) => ({ recording, uses: 0 }));
    this.#options = options;
  }

  /**
   * The recording for a request: with the same body, else with the same model and the same wish for a
   * stream; of several the one that was used least. Undefined when there is none.
   */
  take(request: ProviderRequest): ScriptedReply | undefined {
    const path = request.path.split("?", 1)[0];
    const samePath = this.#candidates.filter(({ recording }) => recording.path === path);
    const exact = samePath.filter(({ recording }) =>
      isDeepStrictEqual(recording.request, request.body),
    );
    const alike = samePath.filter(({ recording }) => isLike(recording, request));
    const [chosen] = (exact.length > 0 ? exact : alike).sort(
      (left, right) => left.uses - right.uses,
    );
    if (chosen === undefined) return undefined;
    chosen.uses += 1;
    const { pieces = "events", ...rest } = this.#options;
    return { ...rest, raw: { ...chosen.recording.answer, pieces } };
  }
}
