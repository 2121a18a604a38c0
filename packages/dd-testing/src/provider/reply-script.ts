import type { ProviderRequest } from "./provider-request.ts";
import type { ProviderRecording } from "./recording.ts";
import { type ReplayOptions, ReplayScript } from "./replay-script.ts";
import { checkReply } from "./reply-validation.ts";
import { matches, type ProviderRequestMatcher } from "./request-matcher.ts";
import type { ScriptedReply } from "./scripted-reply.ts";

/** A reply, or a function that makes one for a request. */
export type ReplySource =
  | ScriptedReply
  | ((request: ProviderRequest) => ScriptedReply | PromiseLike<ScriptedReply>);

/** How often a rule applies. */
export interface RespondOptions {
  /** Requests answered before the rule is spent. @default without limit */
  readonly times?: number;
}

const mostEntries = 10_000;

function checkSource(source: ReplySource): void {
  if (typeof source !== "function") checkReply(source);
}

/** Holds the replies a test has scripted: a queue first, then recordings, then rules, the newest first. */
export class ReplyScript {
  #queue: ReplySource[] = [];
  #replays: ReplayScript[] = [];
  #rules: { matcher: ProviderRequestMatcher; source: ReplySource; left: number }[] = [];

  enqueue(sources: readonly ReplySource[]): void {
    sources.forEach(checkSource);
    if (this.#queue.length + sources.length > mostEntries) {
      throw new RangeError(`At most ${mostEntries} replies can wait in the queue.`);
    }
    this.#queue.push(...sources);
  }

  /** Adds a rule; the returned function removes it. */
  respond(
    matcher: ProviderRequestMatcher,
    source: ReplySource,
    options: RespondOptions,
  ): () => void {
    checkSource(source);
    const left = options.times ?? Number.POSITIVE_INFINITY;
    if (!(left >= 1)) throw new TypeError("times must be 1 or more.");
    if (this.#rules.length >= mostEntries) {
      throw new RangeError(`At most ${mostEntries} rules can be active.`);
    }
    const rule = { matcher, source, left };
    this.#rules.unshift(rule);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== rule);
    };
  }

  /** Adds recordings; the returned function removes them. */
  replay(recordings: readonly ProviderRecording[], options: ReplayOptions): () => void {
    checkReply({ ...options, raw: { body: "", pieces: options.pieces ?? "events" } });
    if (this.#replays.length >= mostEntries) {
      throw new RangeError(`At most ${mostEntries} sets of recordings can be active.`);
    }
    const replay = new ReplayScript(recordings, options);
    this.#replays.unshift(replay);
    return () => {
      this.#replays = this.#replays.filter((other) => other !== replay);
    };
  }

  /** Takes the recorded answer for a request; undefined when there is none. */
  takeRecorded(request: ProviderRequest): ScriptedReply | undefined {
    if (this.#queue.length > 0) return undefined;
    for (const replay of this.#replays) {
      const reply = replay.take(request);
      if (reply !== undefined) return reply;
    }
    return undefined;
  }

  /** Takes the reply for a request; undefined when nothing is scripted for it. */
  take(request: ProviderRequest): ReplySource | undefined {
    const queued = this.#queue.shift();
    if (queued !== undefined) return queued;
    const rule = this.#rules.find(({ matcher }) => matches(matcher, request));
    if (rule === undefined) return undefined;
    rule.left -= 1;
    if (rule.left <= 0) this.#rules = this.#rules.filter((other) => other !== rule);
    return rule.source;
  }

  clear(): void {
    this.#queue = [];
    this.#rules = [];
    this.#replays = [];
  }
}
