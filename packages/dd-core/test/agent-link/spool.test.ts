import { mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  decodeSpoolFile,
  encodeSpoolFile,
  parseSpoolName,
  spoolFileName,
} from "../../src/agent-link/spool-file.ts";
import { accept } from "../support/intake.ts";
import { endUndelivered, eventually, linkTo, refuseFor } from "./link-fixture.ts";

vi.setConfig({ testTimeout: 30_000 });

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "llmdevops-spool-"));
  onTestFinished(() => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }));
  return path;
}

/** Does not try again, so that no file is claimed when the link ends. */
const once = { retryBaseMs: 60_000, retryCapMs: 60_000 };

describe("with a spool directory, the link", () => {
  test("moves what is not taken to the disk, readable by its owner only, and delivers it once", async () => {
    const spoolDirectory = join(await directory(), "made", "by us");
    const { link, intake, payload } = await linkTo({ spoolDirectory });
    intake.respond = refuseFor(503);
    for (const items of [1, 2, 3]) link.submit(payload(items));
    await eventually(() => expect(link.counts()).toMatchObject({ spooled: 6, buffered: 0 }));
    // A file has another name while it is being sent.
    await eventually(async () => {
      const [first = "gone"] = await readdir(spoolDirectory);
      expect((await stat(join(spoolDirectory, first))).mode & 0o077).toBe(0);
    });
    expect((await stat(spoolDirectory)).mode & 0o077).toBe(0);
    intake.respond = accept;

    expect(await link.flush(5_000)).toBe(true);
    expect(link.counts()).toMatchObject({ accepted: 6, delivered: 6, spooled: 0, recovered: 0 });
    expect(await readdir(spoolDirectory)).toEqual([]);
  });

  test("delivers what an earlier one has left, counted apart", async () => {
    const spoolDirectory = await directory();
    const earlier = await linkTo({ spoolDirectory }, once);
    earlier.intake.respond = refuseFor(503);
    earlier.link.submit(earlier.payload(4));
    await eventually(() => expect(earlier.link.counts().spooled).toBe(4));
    endUndelivered(earlier.link);
    const { link, intake } = await linkTo({ spoolDirectory });
    link.recover();

    await eventually(() => expect(link.counts().recovered).toBe(4));
    expect(link.counts()).toMatchObject({ accepted: 0, delivered: 0 });
    expect(intake.received).toHaveLength(1);
    expect(await readdir(spoolDirectory)).toEqual([]);
  });

  test("looks again for a file that another process was sending and has given back", async () => {
    const spoolDirectory = await directory();
    const earlier = await linkTo({ spoolDirectory }, once);
    earlier.intake.respond = refuseFor(503);
    earlier.link.submit(earlier.payload(4));
    await eventually(() => expect(earlier.link.counts().spooled).toBe(4));
    endUndelivered(earlier.link);
    const [free = ""] = (await readdir(spoolDirectory)).map((name) => join(spoolDirectory, name));
    await rename(free, `${free}.sending`);
    const { link, intake, payload } = await linkTo({ spoolDirectory });
    link.recover();
    link.submit(payload(1));
    await eventually(() => expect(link.counts().delivered).toBe(1));
    await rename(`${free}.sending`, free);

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    onTestFinished(() => void vi.useRealTimers());
    link.submit(payload(1));
    await eventually(() => expect(link.counts()).toMatchObject({ delivered: 2, recovered: 4 }));
    expect(intake.received).toHaveLength(3);
  });

  test("leaves what an earlier one has accepted out of its own sum, also where it is refused", async () => {
    const spoolDirectory = await directory();
    const earlier = await linkTo({ spoolDirectory }, once);
    earlier.intake.respond = refuseFor(503);
    earlier.link.submit(earlier.payload(4));
    await eventually(() => expect(earlier.link.counts().spooled).toBe(4));
    endUndelivered(earlier.link);
    const { link, intake } = await linkTo({ spoolDirectory });
    intake.respond = refuseFor(400);
    link.recover();

    await eventually(async () => expect(await readdir(spoolDirectory)).toEqual([]));
    expect(link.counts()).toMatchObject({ accepted: 0, recovered: 0, dropped: {}, spooled: 0 });
  });

  test("does not let a file that always fails hold up the others", async () => {
    const spoolDirectory = await directory();
    const { link, intake, payload } = await linkTo({ spoolDirectory }, { breakerFailures: 1_000 });
    intake.respond = refuseFor(503);
    link.submit(payload(1, { body: Buffer.from("poison") }));
    for (let index = 0; index < 5; index += 1) link.submit(payload(1));
    await eventually(() => expect(link.counts()).toMatchObject({ spooled: 6, buffered: 0 }));
    intake.respond = (response) => {
      const isPoison = intake.received.at(-1)?.body.toString() === "poison";
      (isPoison ? refuseFor(503) : accept)(response);
    };

    await eventually(() => expect(link.counts()).toMatchObject({ delivered: 5, spooled: 1 }));
  });

  test("shares it with others: every file is delivered by one of them", async () => {
    const spoolDirectory = await directory();
    const body = Buffer.from("traces");
    const route = {
      url: "",
      path: "/v0.4/traces",
      method: "PUT",
      headers: {},
      agentless: false,
    } as const;
    for (let count = 0; count < 40; count += 1) {
      const name = spoolFileName(Date.now(), "0123456789ab", count, 1, body.length);
      const file = encodeSpoolFile({ kind: "traces", items: 1, body, route });
      await writeFile(join(spoolDirectory, name), file);
    }
    const links = await Promise.all([1, 2, 3, 4].map(() => linkTo({ spoolDirectory })));
    for (const { link } of links) link.recover();

    await eventually(async () => expect(await readdir(spoolDirectory)).toEqual([]));
    const recovered = links.map(({ link }) => link.counts().recovered);
    expect(recovered.reduce((sum, count) => sum + count)).toBe(40);
    expect(links.flatMap(({ intake }) => intake.received)).toHaveLength(40);
  });

  test.for([
    ["one after the other", 10],
    ["all at once", 0],
  ] as const)(
    "stays within its size when files come %s: the oldest go, and are counted",
    async ([_how, pauseMs]) => {
      const spoolDirectory = await directory();
      const { link, intake, payload } = await linkTo({ spoolDirectory, maxSpoolBytes: 250 });
      intake.respond = refuseFor(503);
      for (let index = 0; index < 6; index += 1) {
        link.submit(payload(1, { body: Buffer.alloc(100) }));
        if (pauseMs > 0) await delay(pauseMs);
      }

      await eventually(() =>
        expect(link.counts()).toMatchObject({
          spooled: 2,
          dropped: { spool_full: 4 },
          buffered: 0,
        }),
      );
    },
  );

  test("does not deliver what is too old, damaged, or somebody else's file", async () => {
    const spoolDirectory = await directory();
    const files = [
      spoolFileName(Date.now() - 10_000, "0123456789ab", 1, 5, 10),
      spoolFileName(Date.now() + 10_000, "0123456789ab", 2, 5, 10),
      spoolFileName(Date.now(), "0123456789ab", 3, 5, 10),
      "notes.txt",
    ];
    for (const file of files) await writeFile(join(spoolDirectory, file), "damaged");
    const { link, intake } = await linkTo({ spoolDirectory, maxSpoolAgeMs: 5_000 });
    link.recover();

    await eventually(async () => expect(await readdir(spoolDirectory)).toEqual(["notes.txt"]));
    expect(intake.received).toEqual([]);
  });

  test("keeps everything in memory when the disk does not take it", async () => {
    const file = join(await directory(), "a file");
    await writeFile(file, "");
    const { link, intake, errors, payload } = await linkTo({ spoolDirectory: join(file, "spool") });
    intake.respond = refuseFor(503);
    link.submit(payload(3));
    await eventually(() => expect(errors.some(({ name }) => name === "ExportError")).toBe(true));
    intake.respond = accept;

    await link.flush(5_000);
    expect(link.counts()).toMatchObject({ accepted: 3, delivered: 3, spooled: 0, dropped: {} });
  });

  test("puts what is left at the end of the process on disk", async () => {
    const spoolDirectory = await directory();
    const { link, payload } = await linkTo({ spoolDirectory });
    link.stop();
    link.submit(payload(3));
    endUndelivered(link);

    expect(link.counts()).toMatchObject({ accepted: 3, spooled: 3, dropped: {} });
    expect(await readdir(spoolDirectory)).toHaveLength(1);
  });

  test("removes what a writer or a sender has abandoned: one is incomplete, the other may have arrived", async () => {
    const spoolDirectory = await directory();
    const name = spoolFileName(Date.now(), "0123456789ab", 1, 5, 10);
    const names = [`${name}.partial`, `${name}.sending`];
    for (const left of names) {
      await writeFile(join(spoolDirectory, left), "x");
      await utimes(join(spoolDirectory, left), 1, 1);
    }
    const { link } = await linkTo({ spoolDirectory });
    link.recover();
    await delay(50);
    expect(await readdir(spoolDirectory)).toEqual(names);

    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 10 * 60_000);
    onTestFinished(() => void vi.restoreAllMocks());
    const later = await linkTo({ spoolDirectory });
    later.link.recover();
    await eventually(async () => expect(await readdir(spoolDirectory)).toEqual([]));
  });
});

describe("a spool file", () => {
  const route = {
    url: "http://agent:8126",
    path: "/v0.4/traces",
    method: "PUT",
    headers: { "X-Datadog-Trace-Count": "2" },
    agentless: false,
  } as const;
  const here = () => "http://here:8126";

  test("gives back what was put in, with the address of today", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1 }), (bytes, items) => {
        const payload = { kind: "traces", items, body: Buffer.from(bytes), route } as const;
        const read = decodeSpoolFile(encodeSpoolFile(payload), here);

        expect(read).toEqual({ ...payload, route: { ...route, url: "http://here:8126" } });
      }),
    );
  });

  test("holds no address, so nobody can redirect telemetry or a key by writing one", async () => {
    const path = join(await directory(), "file");
    await writeFile(path, encodeSpoolFile({ kind: "traces", items: 1, body: Buffer.of(), route }));

    expect(await readFile(path, "latin1")).not.toContain("agent:8126");
  });

  test("that is damaged in any way is not read, and never throws", () => {
    const header = { version: 1, kind: "traces", items: 1, path: "/", method: "PUT", headers: {} };
    const changes = [
      { version: 2 },
      { kind: "other" },
      { items: 0 },
      { items: "1" },
      { path: "http://elsewhere" },
      { path: 7 },
      { method: "GET" },
      { headers: null },
    ];
    for (const change of changes) {
      const file = Buffer.from(`${JSON.stringify({ ...header, ...change })}\nbody`);
      expect(decodeSpoolFile(file, here)).toBeUndefined();
    }
    expect(decodeSpoolFile(Buffer.from(`${JSON.stringify(header)}\nbody`), here)).toBeDefined();
    expect(decodeSpoolFile(Buffer.from(`${JSON.stringify(header)}\nbody`), () => undefined)).toBe(
      undefined,
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeSpoolFile(Buffer.from(bytes), here);
        decodeSpoolFile(Buffer.concat([Buffer.from(bytes), Buffer.from("\n")]), here);
      }),
    );
  });

  test("has a name that sorts by age and says what is inside", () => {
    const older = spoolFileName(999, "0123456789ab", 12, 500, 4_096);
    const newer = spoolFileName(1_000_000_000_000, "0123456789ab", 3, 1, 1);

    expect([newer, older].sort()).toEqual([older, newer]);
    expect(parseSpoolName(older)).toEqual({
      name: older,
      time: 999,
      writer: "0123456789ab",
      items: 500,
      bytes: 4_096,
      claimed: false,
    });
    expect(parseSpoolName(`${older}.sending`)?.claimed).toBe(true);
    expect(parseSpoolName(`${older}.partial`)).toBeUndefined();
  });
});
