import { mkdirSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { ExportError } from "../errors/export-error.ts";
import { type DeliveryHistory, untried } from "./delivery-history.ts";
import type { LinkAccounting } from "./link-counts.ts";
import type { Payload, PayloadKind, PayloadRoute } from "./payload.ts";
import {
  claimedName,
  decodeSpoolFile,
  encodeSpoolFile,
  isPartialName,
  parseSpoolName,
  partialName,
  type SpoolEntry,
  spoolFileName,
  writerToken,
} from "./spool-file.ts";

/** How much the spool may hold, and for how long. */
export interface SpoolLimits {
  readonly maxSpoolBytes: number;
  readonly maxSpoolAgeMs: number;
}

/** A claim that is older than any attempt takes; its process is gone. */
const abandonedAfterMs = 5 * 60_000;

/** When to look again for a file that another process is sending, and may give back. */
const lookAgainAfterMs = 60_000;

/** A payload from the disk, and the file that this process has claimed for it. */
export interface SpooledPayload {
  readonly payload: Payload;
  readonly file: SpoolEntry;
  readonly history: DeliveryHistory;
}

/**
 * Payloads in files of one directory. A file is free for every process; whoever renames it first sends it, so it
 * is delivered once, also where several processes share the directory.
 */
export class Spool {
  readonly #directory: string;
  readonly #limits: SpoolLimits;
  readonly #diagnostics: Diagnostics;
  readonly #accounting: LinkAccounting;
  /** What the own files that still wait hold, by the name they were written under. */
  readonly #kinds = new Map<string, PayloadKind>();
  readonly #writer = writerToken();
  #count = 0;
  /** A payload keeps its name, so that writing it again at the end of the process makes no second file. */
  readonly #names = new WeakMap<Payload, string>();
  /** Of the files that this process has tried, as many as there are. */
  readonly #histories = new Map<string, DeliveryHistory>();
  #mayHaveFiles = true;
  #lookAgainAt = Number.POSITIVE_INFINITY;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(
    directory: string,
    limits: SpoolLimits,
    diagnostics: Diagnostics,
    accounting: LinkAccounting,
  ) {
    this.#directory = directory;
    this.#limits = limits;
    this.#diagnostics = diagnostics;
    this.#accounting = accounting;
  }

  /** Whether looking for files may be worth it. */
  get mayHaveFiles(): boolean {
    return this.#mayHaveFiles || Date.now() >= this.#lookAgainAt;
  }

  /** Writes a payload; `false` when the disk did not take it. */
  write(payload: Payload): Promise<boolean> {
    // At the end of the process a write that has not begun must be known by its name, too.
    this.#nameOf(payload);
    // One after the other: those that overlap would each find the room that only one of them has.
    const written = this.#lastWrite.then(() => this.#write(payload));
    this.#lastWrite = written;
    return written;
  }

  async #write(payload: Payload): Promise<boolean> {
    const name = this.#nameOf(payload);
    const partial = join(this.#directory, partialName(name));
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      for (const entry of this.#excess(await readdir(this.#directory), payload.body.length)) {
        await unlink(join(this.#directory, entry.name));
        this.#lose(entry, "spool_full");
      }
      await writeFile(partial, encodeSpoolFile(payload), { mode: 0o600 });
      await rename(partial, join(this.#directory, name));
    } catch (error) {
      return this.#failed(error);
    }
    this.#written(payload, name);
    return true;
  }

  /** The same at the end of the process, when nothing asynchronous runs any more. */
  writeSync(payload: Payload): boolean {
    const name = this.#nameOf(payload);
    const partial = join(this.#directory, partialName(name));
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      for (const entry of this.#excess(readdirSync(this.#directory), payload.body.length)) {
        unlinkSync(join(this.#directory, entry.name));
        this.#lose(entry, "spool_full");
      }
      writeFileSync(partial, encodeSpoolFile(payload), { mode: 0o600 });
      renameSync(partial, join(this.#directory, name));
    } catch (error) {
      return this.#failed(error);
    }
    this.#written(payload, name);
    return true;
  }

  /** Removes what an interrupted write may have left of a payload that has been delivered otherwise. */
  forgetSync(payload: Payload): void {
    const name = this.#names.get(payload);
    if (name !== undefined) rmSync(join(this.#directory, name), { force: true });
  }

  /** Claims the oldest file; `undefined` when there is none. */
  async take(
    urlFor: (route: Pick<PayloadRoute, "path" | "agentless">) => string | undefined,
  ): Promise<SpooledPayload | undefined> {
    // First, since a file may be written while the directory is being read.
    this.#mayHaveFiles = false;
    this.#lookAgainAt = Number.POSITIVE_INFINITY;
    for (const entry of await this.#untriedFirst()) {
      const path = join(this.#directory, entry.name);
      try {
        if (entry.claimed) {
          if (await this.#removeAbandoned(entry.name)) this.#lose(entry, "spool_abandoned");
          else this.#lookAgainAt = Date.now() + lookAgainAfterMs;
          continue;
        }
        // The clock may have been set back: a file from the future is as old as it is far away.
        if (Math.abs(Date.now() - entry.time) > this.#limits.maxSpoolAgeMs) {
          await unlink(path);
          this.#lose(entry, "spool_expired");
          continue;
        }
        const claimed = join(this.#directory, claimedName(entry.name));
        await rename(path, claimed);
        const payload = decodeSpoolFile(await readFile(claimed), urlFor);
        const history = this.#histories.get(entry.name) ?? untried;
        if (payload !== undefined) {
          this.#mayHaveFiles = true;
          return { payload, file: entry, history };
        }
        await unlink(claimed);
        this.#lose(entry, "spool_damaged");
      } catch {
        // Another process was quicker.
        this.#histories.delete(entry.name);
      }
    }
    return undefined;
  }

  /** Removes a claimed file that has been sent, or gives it back with what is known of it. */
  settle(file: SpoolEntry, outcome: "sent" | "again", history?: DeliveryHistory): void {
    if (outcome === "sent") this.#histories.delete(file.name);
    else if (history !== undefined) this.#histories.set(file.name, history);
    const claimed = join(this.#directory, claimedName(file.name));
    try {
      if (outcome === "sent") unlinkSync(claimed);
      else renameSync(claimed, join(this.#directory, file.name));
    } catch (error) {
      this.#failed(error);
    }
    if (outcome === "again") this.#mayHaveFiles = true;
    else if (this.isOwn(file)) {
      this.#accounting.spooled -= file.items;
      this.#kinds.delete(file.name);
    }
  }

  /** Whether this link has written the file. */
  isOwn(file: SpoolEntry): boolean {
    return file.writer === this.#writer;
  }

  /** The oldest of those that have been tried least come first, so that a damaged one holds up no other. */
  async #untriedFirst(): Promise<SpoolEntry[]> {
    const entries = await this.#entries();
    const names = new Set(entries.map(({ name }) => name));
    for (const name of this.#histories.keys()) {
      if (!names.has(name)) this.#histories.delete(name);
    }
    const tries = ({ name }: SpoolEntry) => this.#histories.get(name)?.tries ?? 0;
    return entries.sort((one, other) => tries(one) - tries(other));
  }

  async #entries(): Promise<SpoolEntry[]> {
    try {
      const names = (await readdir(this.#directory)).sort();
      for (const name of names.filter(isPartialName)) await this.#removeAbandoned(name);
      return names.flatMap((name) => parseSpoolName(name) ?? []);
    } catch {
      return [];
    }
  }

  /** Removes a file that nobody has touched for long; `false` when somebody has. */
  async #removeAbandoned(name: string): Promise<boolean> {
    const path = join(this.#directory, name);
    if (Date.now() - (await stat(path)).ctimeMs < abandonedAfterMs) return false;
    await unlink(path);
    return true;
  }

  #nameOf(payload: Payload): string {
    const known = this.#names.get(payload);
    if (known !== undefined) return known;
    this.#count += 1;
    const { items, body } = payload;
    const name = spoolFileName(Date.now(), this.#writer, this.#count, items, body.length);
    this.#names.set(payload, name);
    return name;
  }

  /** The oldest files, as many as must go before so many bytes fit. */
  #excess(names: readonly string[], bytes: number): SpoolEntry[] {
    const entries = [...names].sort().flatMap((name) => parseSpoolName(name) ?? []);
    let total = bytes + entries.reduce((sum, entry) => sum + entry.bytes, 0);
    const excess: SpoolEntry[] = [];
    for (const entry of entries) {
      if (total <= this.#limits.maxSpoolBytes) break;
      if (entry.claimed) continue;
      excess.push(entry);
      total -= entry.bytes;
    }
    return excess;
  }

  #written(payload: Payload, name: string): void {
    this.#kinds.set(name, payload.kind);
    this.#mayHaveFiles = true;
    this.#accounting.spooled += payload.items;
  }

  #lose(entry: SpoolEntry, reason: string): void {
    if (this.isOwn(entry)) {
      this.#accounting.spooled -= entry.items;
      const name = entry.name.replace(/\.sending$/, "");
      this.#accounting.drop(reason, entry.items, this.#kinds.get(name) ?? "traces");
      this.#kinds.delete(name);
    } else this.#diagnostics.count(`${reason}_of_another_process`);
  }

  #failed(cause: unknown): false {
    this.#diagnostics.fault(
      "spool_failed",
      new ExportError("The spool directory could not be used.", { cause }),
    );
    return false;
  }
}
