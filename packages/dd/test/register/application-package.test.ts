import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isPackageManager, packageName } from "../../src/registration/application-package.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "llmdevops-package-"));
  mkdirSync(join(folder, "shop", "src"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

describe("the name of the application", () => {
  test("is that of the nearest manifest with a name", () => {
    write("package.json", '{ "name": "workspace" }');
    write("shop/package.json", '{ "name": " shop " }');
    write("shop/src/package.json", '{ "type": "module" }');

    expect(packageName(join(folder, "shop/src/main.js"), "/")).toBe("shop");
  });

  test("is looked for where a linked script really is", () => {
    write("shop/package.json", '{ "name": "shop" }');
    write("shop/src/main.js", "");
    symlinkSync(join(folder, "shop/src/main.js"), join(folder, "main.js"));

    expect(packageName(join(folder, "main.js"), "/")).toBe("shop");
  });

  test("is not that of a framework whose command starts it", () => {
    mkdirSync(join(folder, "shop/node_modules/next/bin"), { recursive: true });
    write("shop/package.json", '{ "name": "shop" }');
    write("shop/node_modules/next/package.json", '{ "name": "next" }');
    write("shop/node_modules/next/bin/next", "");

    expect(packageName(join(folder, "shop/node_modules/next/bin/next"), join(folder, "shop"))).toBe(
      "shop",
    );
  });

  test("is looked for from the folder where there is no script", () => {
    write("shop/package.json", '{ "name": "shop" }');

    expect(packageName(undefined, join(folder, "shop/src"))).toBe("shop");
  });

  test.each([
    "{",
    "null",
    '"shop"',
    '{ "name": 7 }',
    '{ "name": " " }',
    `{ "name": "${"x".repeat(1_000_000)}" }`,
  ])("is not taken from a manifest that has none", (text) => {
    write("package.json", '{ "name": "workspace" }');
    write("shop/package.json", text);

    expect(packageName(join(folder, "shop/src/main.js"), "/")).toBe("workspace");
  });
});

test.each([
  ["/usr/lib/node_modules/npm/bin/npm-cli.js", true],
  ["/usr/lib/node_modules/npm/bin/npx-cli.js", true],
  ["/usr/local/bin/yarn", true],
  ["/opt/corepack/dist/corepack.js", true],
  ["C:\\nodejs\\node_modules\\pnpm\\bin\\pnpm.cjs", true],
  ["/app/src/main.js", false],
  ["/app/npm/server.js", false],
  ["/app/mynpm.js", false],
  [undefined, false],
])("%s is a package manager: %s", (script, expected) => {
  expect(isPackageManager(script)).toBe(expected);
});
