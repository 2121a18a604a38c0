// Writes docs/metrics.md and docs/metrics.json from the catalogue. Run it with
// node --conditions=@llmdevops/source packages/dd-metrics/scripts/write-catalogue.ts
import { writeFileSync } from "node:fs";
import { catalogueJson, cataloguePage } from "../src/catalogue/catalogue-page.ts";
import { metricCatalogue } from "../src/catalogue/metric-catalogue.ts";

const documentation = new URL("../../../docs/", import.meta.url);
writeFileSync(new URL("metrics.md", documentation), cataloguePage(metricCatalogue));
writeFileSync(new URL("metrics.json", documentation), catalogueJson(metricCatalogue));
