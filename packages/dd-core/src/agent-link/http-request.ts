type Request = typeof import("node:http").request;

/**
 * Node's function that starts a request, over TLS or not.
 *
 * Not by `import`, which reads everything that `node:http` exports, and so loads Node's WebSocket client: a fifth of the
 * CPU time that an application's start takes with this package.
 */
export function requestFunction(secure: boolean): Request {
  return process.getBuiltinModule(secure ? "node:https" : "node:http").request;
}
