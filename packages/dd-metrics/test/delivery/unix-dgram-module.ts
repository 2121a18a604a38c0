import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The native module unix-dgram, built for this Node outside of the repository, where it stays absent. */
export interface UnixDgramModule {
  /** Where it is to be loaded from. */
  readonly entry: string;
  remove(): void;
}

/** A socket of that module, as far as a receiver needs it. */
export interface UnixDgramSocket {
  bind(path: string): void;
  close(): void;
}

const compiler = process.env["CXX"] ?? "g++";

/** Builds the module, or says why that cannot be done here. */
export function buildUnixDgram(): UnixDgramModule | string {
  const include = headersOfThisNode();
  if (include === undefined) return "the headers of this Node are not installed";
  if (spawnSync(compiler, ["--version"]).error !== undefined) return `${compiler} is not installed`;
  const directory = mkdtempSync(join(tmpdir(), "unix-dgram-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const reason = build(directory, include);
  if (reason === undefined) {
    return { entry: join(directory, "node_modules/unix-dgram/lib/unix_dgram.js"), remove };
  }
  remove();
  return reason;
}

function build(directory: string, include: string): string | undefined {
  const modules = join(directory, "node_modules");
  const fromTests = createRequire(import.meta.url);
  const source = packageOf(createRequire(fromTests.resolve("hot-shots")), "unix-dgram");
  if (source === undefined) return "the sources of unix-dgram are not installed";
  const fromSource = createRequire(join(source, "package.json"));
  const bindings = packageOf(fromSource, "bindings");
  const nan = packageOf(fromSource, "nan");
  if (bindings === undefined || nan === undefined) return "what unix-dgram needs is not installed";
  const fileUri = packageOf(createRequire(join(bindings, "package.json")), "file-uri-to-path");
  const used = { "unix-dgram": source, bindings, "file-uri-to-path": fileUri };
  for (const [name, path] of Object.entries(used)) {
    if (path !== undefined) cpSync(path, join(modules, name), { recursive: true });
  }
  const output = join(modules, "unix-dgram/build/Release/unix_dgram.node");
  mkdirSync(dirname(output), { recursive: true });
  const options = ["-shared", "-fPIC", "-std=c++20", "-w", `-I${include}`, `-I${nan}`];
  const define = "-DNODE_GYP_MODULE_NAME=unix_dgram";
  const file = join(source, "src/unix_dgram.cc");
  const { status } = spawnSync(compiler, [...options, define, file, "-o", output]);
  return status === 0 ? undefined : "unix-dgram cannot be built";
}

function packageOf(load: NodeJS.Require, name: string): string | undefined {
  try {
    return dirname(load.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function headersOfThisNode(): string | undefined {
  const directory = dirname(realpathSync(process.execPath));
  const [major = "", minor = ""] = process.versions.node.split(".");
  return [
    join(directory, "../include/node"),
    join(directory, `../node_modules/node-${process.platform}-${process.arch}/include/node`),
  ].find((path) => {
    const header = join(path, "node_version.h");
    if (!existsSync(header)) return false;
    const text = readFileSync(header, "utf8");
    return (
      new RegExp(`NODE_MAJOR_VERSION ${major}\\b`).test(text) &&
      new RegExp(`NODE_MINOR_VERSION ${minor}\\b`).test(text)
    );
  });
}
