export { checkCase } from "./check-case.ts";
export {
  type CaseContext,
  carrierOf,
  isContinued,
  type PropagationCase,
  type PropagationOutcome,
} from "./propagation-case.ts";
