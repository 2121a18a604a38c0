import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { catalogueJson, cataloguePage } from "../../src/catalogue/catalogue-page.ts";
import { metricCatalogue, normalizeMetricName } from "../../src/index.ts";

const root = new URL("../../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

describe("the catalogue", () => {
  test("is what the documentation shows (else run packages/dd-metrics/scripts/write-catalogue.ts)", () => {
    expect(read("docs/metrics.md")).toBe(cataloguePage(metricCatalogue));
    expect(read("docs/metrics.json")).toBe(catalogueJson(metricCatalogue));
  });

  test("lists each valid name once, with a sentence", () => {
    const names = metricCatalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, description } of metricCatalogue) {
      expect(normalizeMetricName(name)).toBe(name);
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });
});
