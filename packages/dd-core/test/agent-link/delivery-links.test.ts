import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { DeliveryLinks } from "../../src/agent-link/delivery-links.ts";
import type { BufferOptions } from "../../src/agent-link/link-options.ts";
import type { Payload } from "../../src/agent-link/payload.ts";
import { resolveLinkOptions } from "../../src/agent-link/resolve-link-options.ts";
import { Diagnostics } from "../../src/diagnostics/diagnostics.ts";
import { silentLogger } from "../../src/ports/logger.ts";
import { startIntake } from "../support/intake.ts";
import { endUndelivered, eventually } from "./link-fixture.ts";

vi.setConfig({ testTimeout: 30_000 });

const nowhere = "http://127.0.0.1:1";

function links(url: string, buffer: BufferOptions = {}, retryMs = 5): DeliveryLinks {
  const options = resolveLinkOptions(buffer, { retryBaseMs: retryMs, retryCapMs: retryMs });
  const environment = { apiKey: () => "key-1", urlFor: () => url };
  const made = new DeliveryLinks(options, environment, new Diagnostics(silentLogger, undefined));
  onTestFinished(() => {
    for (const link of made.each) link.end();
  });
  return made;
}

function payload(url: string, agentless: boolean, items: number): Payload {
  const route = { url, path: "/api/v2/llmobs", method: "POST", headers: {}, agentless } as const;
  return { kind: agentless ? "llmobs" : "traces", items, body: Buffer.from("[]"), route };
}

test("what goes to Datadog directly does not wait for an Agent that is gone", async () => {
  const intake = await startIntake();
  onTestFinished(() => intake.stop());
  const both = links(intake.url);
  both.submit(payload(nowhere, false, 3));
  await eventually(() => expect(both.health().breaker).toBe("open"));
  both.submit(payload(intake.url, true, 2));

  await eventually(() => expect(both.counts().delivered).toBe(2));
  expect(intake.received.map(({ path }) => path)).toEqual(["/api/v2/llmobs"]);
  expect(both.counts()).toMatchObject({ accepted: 5, delivered: 2, buffered: 3 });
  expect(both.counts().failures["ECONNREFUSED"]).toBeGreaterThan(4);
});

test("a flush waits for both, and is complete only when both are", async () => {
  const intake = await startIntake();
  onTestFinished(() => intake.stop());
  const both = links(intake.url);
  both.submit(payload(intake.url, true, 2));
  both.submit(payload(intake.url, false, 2));
  expect(await both.flush(25_000)).toBe(true);
  both.submit(payload(nowhere, true, 1));

  expect(await both.flush(50)).toBe(false);
  both.refuse("llmobs", 4, "planned");
  expect(both.counts()).toMatchObject({ accepted: 9, delivered: 4, dropped: { planned: 4 } });
});

test("each has a spool directory of its own, so neither sends what belongs to the other", async () => {
  const spoolDirectory = await mkdtemp(join(tmpdir(), "llmdevops-spool-"));
  onTestFinished(() => rm(spoolDirectory, { recursive: true, force: true, maxRetries: 10 }));
  // It does not try again, so that no file is claimed when it ends.
  const both = links(nowhere, { spoolDirectory }, 60_000);
  both.submit(payload(nowhere, true, 2));
  await eventually(() => expect(both.counts().spooled).toBe(2));
  for (const link of both.each) endUndelivered(link);
  expect(await readdir(spoolDirectory)).toEqual(["direct"]);

  const intake = await startIntake();
  onTestFinished(() => intake.stop());
  const next = links(intake.url, { spoolDirectory });
  next.recover();
  await eventually(() => expect(next.counts().recovered).toBe(2));
  expect(intake.received).toHaveLength(1);
});
