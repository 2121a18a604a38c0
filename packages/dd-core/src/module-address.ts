import { pathToFileURL } from "node:url";

/**
 * The address of this package's code: of this very file, or of the bundle that it has become part of. Bundlers leave
 * `import.meta.url` empty where they write CommonJS, which has `__filename` instead.
 */
export const moduleAddress: string = import.meta.url ?? pathToFileURL(__filename).href;
