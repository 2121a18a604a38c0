import { Diagnostics, type MetricsSink, silentLogger } from "@llmdevops/dd-core";
import { expect, test } from "vitest";
import { GuardedMetricsSink } from "../src/guarded-metrics-sink.ts";
import { RecordingSink } from "./agents-fixture.ts";

const operations = ["increment", "gauge", "histogram", "distribution"] as const;

test.each(operations)("%s is passed on, and what it throws is counted", (operation) => {
  const sink = new RecordingSink();
  const diagnostics = new Diagnostics(silentLogger, undefined);
  const guarded = new GuardedMetricsSink(sink, diagnostics);

  guarded[operation]("name", 2, { tag: "x" });
  expect(sink.records).toEqual([{ type: operation, name: "name", value: 2, tags: { tag: "x" } }]);
  expect(diagnostics.counts()).toEqual({});

  // A sink that lacks the method, as untyped code may pass one.
  new GuardedMetricsSink({} as MetricsSink, diagnostics)[operation]("name", 2);
  expect(diagnostics.counts()).toEqual({ metrics_sink_threw: 1 });
});
