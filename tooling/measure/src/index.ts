export { type BenchCase, type BenchResult, measure } from "./measure.ts";
