import type { Agent } from "node:http";
import type { Tracer } from "dd-trace";
import type { AgentLink } from "../agent-link/agent-link.ts";
import { DeliveryLinks } from "../agent-link/delivery-links.ts";
import type { ExitDelivery } from "../agent-link/exit-delivery.ts";
import { onProcessExit } from "../agent-link/process-exit.ts";
import type { Foundation } from "../configuration/foundation.ts";
import { environmentCredentialProvider } from "../ports/credential-provider.ts";
import { DeferredTraces } from "./deferred-traces.ts";
import { internalModule } from "./internal-module.ts";
import { countsForTelemetry } from "./llmobs-telemetry.ts";
import { LLMObservabilityWriters } from "./llmobs-writers.ts";
import { TraceWriter, traceWriterOf } from "./trace-writer.ts";
import { UnsampledTraces } from "./unsampled-traces.ts";
import { callMethod, readPath } from "./untyped.ts";

/** The links of one dd-trace, and what feeds them. */
export interface AgentLinkSeam {
  readonly link: DeliveryLinks;
  /** Ended spans and events that dd-trace holds, encoded or not yet, and has not handed over. */
  pending(): number;
  /** Moves them to the link, at once. */
  drain(): void;
  /** Moves them to the link, no more in a second than Datadog takes; whether all of them were moved in time (ms). */
  drainInPace(timeoutMs: number): Promise<boolean>;
  /** Spans that the sample rate has not chosen, and that were not even encoded. */
  sampledOut(): number;
}

/** One per dd-trace, also where several copies of this package are loaded. */
const seamKey = Symbol.for("@llmdevops/dd-core/1/agent-link");

/**
 * Puts the Agent link in the place of what dd-trace sends and forgets.
 *
 * The first client of a process decides; later ones share its link.
 *
 * @param isAdopted Whether somebody else has set dd-trace up: what it samples then goes its own way.
 * @returns `undefined` where this dd-trace does not have the parts: it then sends by itself, which is reported once.
 */
export function attachAgentLink(
  tracer: Tracer,
  foundation: Foundation,
  isAdopted = true,
): AgentLinkSeam | undefined {
  const { configuration, diagnostics } = foundation;
  const writer = traceWriterOf(tracer);
  if (writer === undefined) {
    diagnostics.warnOnce(
      "agent-link-missing",
      "This dd-trace has no Agent writer of a known shape, so it sends by itself: what the Agent refuses is lost.",
    );
    return undefined;
  }
  const shared: unknown = Reflect.get(writer, seamKey);
  if (shared !== undefined) return shared as AgentLinkSeam;
  const site = siteOf(tracer, configuration.site);
  const credentials = foundation.credentials ?? environmentCredentialProvider();
  const link = new DeliveryLinks(
    configuration.link,
    {
      apiKey: () => credentials.getCredential("DD_API_KEY"),
      urlFor: ({ agentless, path }) =>
        agentless ? intakeUrl(site, path) : String(readPath(writer, "_url")),
      proxyAgent: httpsProxyAgent,
      untraced: runUntraced,
    },
    diagnostics,
  );
  const traces = TraceWriter.attach(tracer, link);
  const events = configuration.llmobs.enabled
    ? LLMObservabilityWriters.attach(link, !countsForTelemetry(tracer))
    : undefined;
  const deferred = isAdopted
    ? undefined
    : DeferredTraces.attach(
        tracer,
        () => traces?.spans ?? 0,
        (spans) => {
          link.refuse("traces", spans, "tracer_refused");
          diagnostics.count("span_finish_failed");
        },
      );
  const { spanRules, keepErrors } = configuration.sampling;
  // A span rule may keep single spans of a trace that is dropped.
  const unsampled =
    isAdopted || spanRules.length > 0 ? undefined : UnsampledTraces.attach(tracer, keepErrors);
  const drainTraces = () => {
    deferred?.drain();
    traces?.drain();
  };
  const seam: AgentLinkSeam = {
    link,
    sampledOut: () => unsampled?.spans ?? 0,
    pending: () =>
      (deferred?.pendingSpans ?? 0) + (traces?.pendingSpans ?? 0) + (events?.pendingEvents ?? 0),
    drain: () => {
      drainTraces();
      events?.drain();
    },
    drainInPace: async (timeoutMs) => {
      drainTraces();
      return (await events?.drainInPace(timeoutMs)) ?? true;
    },
  };
  Reflect.defineProperty(writer, seamKey, { value: seam });
  if (configuration.link.flushOnExit) deliverAtExit(seam);
  link.recover();
  return seam;
}

function deliverAtExit({ link, pending, drain }: AgentLinkSeam): void {
  const timeoutMs = link.options.exitTimeoutMs;
  onProcessExit({
    timeoutMs,
    hasPending: () => pending() > 0 || link.counts().buffered > 0,
    flush: () => {
      drain();
      return link.flush(timeoutMs, false);
    },
    handOver: (delivery) => {
      const each = link.each.map((one) => ({ one, prefersSpool: one.prefersSpool }));
      link.stop();
      drain();
      for (const { one, prefersSpool } of each) handOver(one, prefersSpool, delivery);
    },
  });
}

function handOver(link: AgentLink, prefersSpool: boolean, delivery: ExitDelivery): void {
  for (const payload of link.end()) {
    if (prefersSpool) link.settleAtExit(payload, { state: "failed", reason: "exit" });
    else {
      const { kind, items, route, body } = payload;
      const request = { kind, items, route, body, apiKey: link.apiKeyFor(payload) };
      delivery.request(request, (outcome) => link.settleAtExit(payload, outcome));
    }
  }
}

/** That of a dd-trace which somebody else has set up stays in force. */
function siteOf(tracer: unknown, configured: string): string {
  const site = readPath(tracer, "_tracer", "_config", "site");
  return typeof site === "string" && /^[a-z0-9.-]+$/i.test(site) ? site : configured;
}

/** Where LLM Observability's intakes are (https://docs.datadoghq.com/llm_observability/). */
function intakeUrl(site: string, path: string): string {
  return `https://${path.includes("eval-metric") ? "api" : "llmobs-intake"}.${site}`;
}

function httpsProxyAgent(address: string): Agent | undefined {
  const proxy = internalModule("dd-trace/src/exporters/common/proxy.js");
  return callMethod(proxy, "getHttpsProxyAgent", address) as Agent | undefined;
}

/** A host's dd-trace must not trace the link's own requests; dd-trace marks its own in the same way. */
export function runUntraced<T>(fn: () => T): T {
  const storage = callMethod(internalModule("datadog-core"), "storage", "legacy");
  if (typeof readPath(storage, "run") !== "function") return fn();
  return callMethod(storage, "run", { noop: true }, fn) as T;
}
