export { type InstalledPeers, installedPeers } from "./installed-peers.ts";
export {
  type Contender,
  interleaved,
  lowerQuartile,
  median,
  medianOfLowerQuartiles,
  type Outcome,
  processTime,
  shuffled,
  tableOf,
} from "./interleaved.ts";
