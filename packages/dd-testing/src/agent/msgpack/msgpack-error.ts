/** Says at which byte a MessagePack document broke the format or the schema, and how. */
export class MsgpackError extends Error {}
