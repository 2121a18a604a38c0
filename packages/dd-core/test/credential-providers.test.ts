import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fileCredentialProvider, functionCredentialProvider } from "../src/index.ts";

let directory: string;
let now = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "credentials-"));
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

describe("credentials from mounted files", () => {
  test("are read again after a rotation, without a restart", () => {
    const { getCredential } = fileCredentialProvider({ directory, maxAgeMs: 1_000 });
    writeFileSync(join(directory, "DD_API_KEY"), "first\n");
    expect(getCredential("DD_API_KEY")).toBe("first");
    writeFileSync(join(directory, "DD_API_KEY"), "second");
    expect(getCredential("DD_API_KEY")).toBe("first");
    now += 1_000;

    expect(getCredential("DD_API_KEY")).toBe("second");
  });

  test("stay in force while their file is absent, as in the middle of a rotation", () => {
    const { getCredential } = fileCredentialProvider({ directory, maxAgeMs: 0 });
    const file = join(directory, "DD_API_KEY");
    writeFileSync(file, "first");
    getCredential("DD_API_KEY");
    rmSync(file);

    expect(getCredential("DD_API_KEY")).toBe("first");
    writeFileSync(file, "");
    expect(getCredential("DD_API_KEY")).toBe("first");
  });

  test("come from no other directory, and absent ones are none", () => {
    const inner = join(directory, "inner");
    const { getCredential } = fileCredentialProvider({ directory: inner });
    writeFileSync(join(directory, "secret"), "not yours");

    for (const name of ["../secret", "..", ".", "", "a/b", "DD_API_KEY", "x".repeat(200)]) {
      expect(getCredential(name)).toBeUndefined();
    }
  });

  test("are remembered for 64 names; of further ones the file is read each time", () => {
    const { getCredential } = fileCredentialProvider({ directory, maxAgeMs: 1_000 });
    const file = (index: number) => join(directory, `name-${index}`);
    for (let index = 0; index < 65; index += 1) {
      writeFileSync(file(index), "first");
      getCredential(`name-${index}`);
      writeFileSync(file(index), "second");
    }

    expect([0, 63, 64].map((index) => getCredential(`name-${index}`))).toEqual([
      "first",
      "first",
      "second",
    ]);
    now += 1_000;
    expect(getCredential("name-0")).toBe("second");
    rmSync(file(0));
    rmSync(file(64));
    now += 1_000;
    expect(getCredential("name-0")).toBe("second");
    expect(getCredential("name-64")).toBeUndefined();
  });

  test("need a directory and a sensible age", () => {
    for (const wrong of [{ directory: "" }, { directory, maxAgeMs: -1 }, { directory: 7 }]) {
      expect(() => fileCredentialProvider(wrong as never)).toThrow(
        expect.objectContaining({ name: "ConfigurationError" }),
      );
    }
  });
});

test("credentials from a function are asked for each time, and a failure is no credential", () => {
  let current: unknown = "first";
  const { getCredential } = functionCredentialProvider((name) => {
    if (current === undefined) throw new Error(name);
    return current as string;
  });
  expect(getCredential("DD_API_KEY")).toBe("first");
  current = "second";
  expect(getCredential("DD_API_KEY")).toBe("second");

  for (const value of [undefined, 7, "", Promise.resolve("late")]) {
    current = value;
    expect(getCredential("DD_API_KEY")).toBeUndefined();
  }
});
