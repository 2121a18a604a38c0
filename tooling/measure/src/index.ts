export { type InstalledPeers, installedPeers } from "./installed-peers.ts";
export {
  type Contender,
  interleaved,
  median,
  type Outcome,
  processTime,
  tableOf,
} from "./interleaved.ts";
