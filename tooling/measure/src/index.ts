export { type InstalledPeers, installedPeers } from "./installed-peers.ts";
export {
  type Contender,
  interleaved,
  lowerQuartile,
  median,
  type Outcome,
  processTime,
  shuffled,
  tableOf,
} from "./interleaved.ts";
export {
  type FastStretch,
  type ProcessRuns,
  type ServiceFigures,
  type SteadyStretch,
  serviceFigures,
} from "./service-figures.ts";
