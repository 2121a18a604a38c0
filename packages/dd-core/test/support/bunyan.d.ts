// bunyan has no types of its own; this is what the test uses.
declare module "bunyan" {
  export interface Logger {
    child(fields: object): Logger;
    info(...values: unknown[]): void;
    error(...values: unknown[]): void;
  }
  export function createLogger(options: { name: string; streams: readonly object[] }): Logger;
}
