import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { markDeployment, type SpanContext } from "../src/index.ts";
import { hostileValues, nameOf } from "./support/hostile-values.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake } = await startRealTracing({ sampling: { rate: 0 } });
afterAll(() => intake.stop());
afterEach(() => vi.unstubAllEnvs());

/** A client that also remembers the options of its spans, and its events. */
function watched() {
  const spans: { name: string; options: unknown }[] = [];
  const events: unknown[][] = [];
  return {
    spans,
    events,
    startSpan: (name: string, options?: Parameters<typeof tracing.startSpan>[1]) => {
      spans.push({ name, options });
      return tracing.startSpan(name, options);
    },
    getCorrelationIds: () => tracing.getCorrelationIds(),
    event: (...given: unknown[]) => void events.push(given),
  };
}

describe("a marker", () => {
  test("says what is deployed, from which commit, and is kept at any sample rate", () => {
    vi.stubEnv("DD_GIT_COMMIT_SHA", "a94a8fe5");
    vi.stubEnv("DD_GIT_REPOSITORY_URL", "https://ada:hunter2@code.example.com/shop.git");
    const client = watched();
    const context = markDeployment(client, {
      previousVersion: "1.2.2",
      id: "canary-7",
      strategy: "canary",
    });

    expect(context.samplingPriority).toBe(2);
    expect(client.spans).toEqual([
      {
        name: "deployment",
        options: {
          childOf: null,
          resource: "deploy",
          type: "custom",
          keep: true,
          links: [],
          tags: {
            "deployment.kind": "deploy",
            "deployment.version": "1.2.3",
            "deployment.previous_version": "1.2.2",
            "deployment.id": "canary-7",
            "deployment.strategy": "canary",
            "git.commit.sha": "a94a8fe5",
            "git.repository_url": "https://code.example.com/shop.git",
          },
        },
      },
    ]);
  });

  test("of a rollback is linked to what it takes back and to the traces that gave rise to it", () => {
    const client = watched();
    const marker = JSON.parse(JSON.stringify(markDeployment(client))) as SpanContext;
    const failed = tracing.startSpan("checkout").setError(new Error("failed"));
    markDeployment(client, {
      kind: "rollback",
      version: "1.2.2",
      rollsBack: marker,
      traces: [failed, failed.context()],
      reason: "error rate",
    });
    failed.finish();

    const [, { options } = { options: undefined }] = client.spans;
    const related = (context: unknown, relation: string) => ({
      context,
      attributes: { "deployment.relation": relation },
    });
    expect(options).toMatchObject({
      resource: "rollback",
      tags: { "deployment.kind": "rollback", "deployment.version": "1.2.2" },
      links: [
        related(marker, "rolls_back"),
        related(failed, "caused_by"),
        related(expect.objectContaining({ traceId: failed.traceId }), "caused_by"),
      ],
    });
    expect(tracing.diagnostics.counts()).not.toHaveProperty("invalid_link");
  });

  test("begins a trace of its own, also inside another one, and at the time that is given", () => {
    const before = tracing.health().spans.open;
    const client = watched();
    tracing.trace("release", (outer) => {
      const context = markDeployment(client, { time: 1_700_000_000_000 });
      expect(context.traceId).not.toBe(outer.traceId);
      expect(tracing.getCurrentSpan()).toBe(outer);
    });

    expect(client.spans[0]?.options).toMatchObject({ startTime: 1_700_000_000_000 });
    expect(tracing.health().spans.open).toBe(before);
  });

  test("sends an event too where the client has metrics", () => {
    const client = watched();
    markDeployment(client, { id: "canary-7", time: 1_700_000_000_000 });
    markDeployment(client, { kind: "rollback", version: "1.2.2", reason: "error rate" });

    expect(client.events).toEqual([
      [
        "Deployed checkout 1.2.3",
        {
          text: "Deployed checkout 1.2.3",
          alertType: "info",
          aggregationKey: "deployment:canary-7",
          time: 1_700_000_000_000,
          tags: expect.objectContaining({ "deployment.id": "canary-7" }),
        },
      ],
      [
        "Rolled back checkout 1.2.2",
        {
          text: "error rate",
          alertType: "warning",
          aggregationKey: "deployment:1.2.2",
          tags: expect.objectContaining({ "deployment.kind": "rollback" }),
        },
      ],
    ]);
  });

  test("has at most 128 links, whatever number of traces is named", () => {
    const client = watched();
    const marker = markDeployment(client);
    const traces = Array.from({ length: 500 }, () => marker);
    markDeployment(client, { rollsBack: marker, traces });

    expect(client.spans[1]?.options).toMatchObject({ links: { length: 128 } });
  });

  test.each(hostileValues.map((value) => [nameOf(value), () => value] as const))(
    "is made, and nothing is thrown, with %s in place of every part",
    (_name, make) => {
      const value = make();
      const names = ["version", "previousVersion", "id", "reason", "commitSha", "repositoryUrl"];
      const parts = [...names, "traces", "rollsBack", "time", "kind", "strategy"];
      const deployment = Object.fromEntries(parts.map((part) => [part, value]));

      expect(markDeployment(tracing, deployment).traceId).toMatch(/^\d+$/);
      expect(() => markDeployment(tracing, value as never)).not.toThrow();
    },
  );
});
