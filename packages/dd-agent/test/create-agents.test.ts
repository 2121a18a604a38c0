import { expect, test, vi } from "vitest";
import { createAgents } from "../src/index.ts";

test("a client of its own needs the name of the service", () => {
  vi.stubEnv("DD_SERVICE", "");
  vi.stubEnv("DD_TAGS", "");

  expect(() => createAgents()).toThrow(
    expect.objectContaining({ name: "MissingServiceNameError" }),
  );
  vi.unstubAllEnvs();
});

test("a client of its own works where tracing is turned off, and without metrics", async () => {
  const agents = createAgents({ service: "assistant", enabled: false });

  const lineage = await agents.traceAgent({ agentName: "desk" }, (desk) =>
    agents.traceToolCall(desk, "search", {}, () =>
      agents.traceAgent({ agentName: "writer" }, (writer) => agents.getAgentLineage(writer)),
    ),
  );

  expect(lineage).toEqual(["desk", "writer"]);
});
