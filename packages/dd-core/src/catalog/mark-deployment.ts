import { withoutCredentials } from "../configuration/git-metadata.ts";
import { safeRead } from "../guard/safe-read.ts";
import type { CorrelationIds } from "../logs/log-correlation.ts";
import type { Span, SpanOptions } from "../span/span.ts";
import type { SpanContext } from "../span/span-context.ts";

/** A deployment, or the way back to an earlier one. */
export interface Deployment {
  /** Whether something new runs, or what ran before it. @default "deploy" */
  readonly kind?: "deploy" | "rollback";
  /** What runs from now on. @default the client's `version` */
  readonly version?: string;
  /** What ran before. */
  readonly previousVersion?: string;
  /** The name of a canary or blue-green deployment, as in the tag `deployment.id`. */
  readonly id?: string;
  /** How it reaches the users, for example `"canary"`, `"blue-green"` or `"rolling"`. */
  readonly strategy?: string;
  /** Why, in few words. */
  readonly reason?: string;
  /** Hash of the commit that runs from now on. Environment: `DD_GIT_COMMIT_SHA`. @default none */
  readonly commitSha?: string;
  /** Address of its repository; credentials are taken out. Environment: `DD_GIT_REPOSITORY_URL`. @default none */
  readonly repositoryUrl?: string;
  /** The marker of the deployment that a rollback takes back. */
  readonly rollsBack?: SpanContext;
  /** Traces that gave rise to it, for example requests that failed; 127 at most. @default [] */
  readonly traces?: readonly (Span | SpanContext)[];
  /** When it was done (ms since the epoch). @default now */
  readonly time?: number;
}

/** What {@link markDeployment} needs of a client; those of `createTracing` and `createClient` satisfy it. */
export interface DeploymentClient {
  /** Starts the span that marks the deployment. */
  startSpan(name: string, options?: SpanOptions): Span;
  /** Service, environment and version that the deployment is recorded for. */
  getCorrelationIds(): CorrelationIds;
  /** Also sends an event, where the client has metrics. */
  event?(
    title: string,
    options: {
      readonly text: string;
      readonly alertType: "info" | "warning";
      readonly aggregationKey: string;
      readonly tags: Readonly<Record<string, string>>;
      readonly time?: number;
    },
  ): void;
}

const maximumLinks = 127;

/**
 * Marks a deployment or a rollback: a span `deployment` that is always kept, linked to the traces that gave rise to it
 * and, for a rollback, to the marker of what it takes back; and an event, where the client has metrics. What the
 * application records afterwards belongs to it by the tag `version`. Never throws.
 *
 * @returns The marker, for the `rollsBack` of a later rollback; it can be kept as JSON.
 * @example
 * ```ts
 * import { createTracing, markDeployment } from "@llmdevops/dd-core";
 *
 * const tracing = createTracing({ service: "checkout", version: "2.4.0" });
 * const marker = markDeployment(tracing, { previousVersion: "2.3.1", strategy: "canary" });
 * markDeployment(tracing, { kind: "rollback", version: "2.3.1", rollsBack: marker, reason: "error rate" });
 * ```
 */
export function markDeployment(client: DeploymentClient, deployment: Deployment = {}): SpanContext {
  const kind = textOf(deployment, "kind") === "rollback" ? "rollback" : "deploy";
  const ids = client.getCorrelationIds();
  const version = textOf(deployment, "version") ?? ids["dd.version"];
  const tags = tagsOf(deployment, kind, version);
  const given = safeRead(deployment, "time");
  const time = typeof given === "number" ? given : undefined;
  const span = client.startSpan("deployment", {
    childOf: null,
    resource: kind,
    type: "custom",
    keep: true,
    tags,
    links: linksOf(deployment),
    ...(time === undefined ? {} : { startTime: time }),
  });
  span.finish(time);
  const done = kind === "rollback" ? "Rolled back" : "Deployed";
  const title = `${done} ${ids["dd.service"]} ${version}`.trim();
  client.event?.(title, {
    text: textOf(deployment, "reason") ?? title,
    alertType: kind === "rollback" ? "warning" : "info",
    aggregationKey: `deployment:${textOf(deployment, "id") ?? version}`,
    tags,
    ...(time === undefined ? {} : { time }),
  });
  return span.context();
}

function tagsOf(
  deployment: Deployment,
  kind: "deploy" | "rollback",
  version: string,
): Readonly<Record<string, string>> {
  const { DD_GIT_COMMIT_SHA: commitSha, DD_GIT_REPOSITORY_URL: repositoryUrl } = process.env;
  const repository = textOf(deployment, "repositoryUrl") ?? repositoryUrl;
  const tags: Record<string, string | undefined> = {
    "deployment.kind": kind,
    "deployment.version": version,
    "deployment.previous_version": textOf(deployment, "previousVersion"),
    "deployment.id": textOf(deployment, "id"),
    "deployment.strategy": textOf(deployment, "strategy"),
    "deployment.reason": textOf(deployment, "reason"),
    "git.commit.sha": textOf(deployment, "commitSha") ?? commitSha,
    "git.repository_url": repository && withoutCredentials(repository),
  };
  const isPresent = (entry: [string, string | undefined]): entry is [string, string] => !!entry[1];
  return Object.fromEntries(Object.entries(tags).filter(isPresent));
}

function textOf(deployment: Deployment, name: keyof Deployment): string | undefined {
  const value = safeRead(deployment, name);
  return typeof value === "string" ? value : undefined;
}

function linksOf(deployment: Deployment): NonNullable<SpanOptions["links"]> {
  const { rollsBack, traces } = readLinks(deployment);
  const causes = traces
    .slice(0, maximumLinks)
    .map((context) => ({ context, attributes: { "deployment.relation": "caused_by" } }));
  if (rollsBack === undefined) return causes;
  return [{ context: rollsBack, attributes: { "deployment.relation": "rolls_back" } }, ...causes];
}

function readLinks(deployment: Deployment): {
  readonly rollsBack: Deployment["rollsBack"];
  readonly traces: NonNullable<Deployment["traces"]>;
} {
  try {
    const { rollsBack, traces } = deployment;
    return { rollsBack, traces: Array.isArray(traces) ? [...traces] : [] };
  } catch {
    return { rollsBack: undefined, traces: [] };
  }
}
