import { spawnSync } from "node:child_process";
import { Client, credentials, type Metadata, Metadata as MetadataOf } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { grpcCarrier } from "../src/index.ts";
import { startProgram, stopProgram, systemPython } from "./support/child-process.ts";
import { everyStyle, fullContext } from "./support/full-context.ts";

const isPresent = spawnSync(systemPython, ["-c", "import grpc"]).status === 0;

// Answers every call with the metadata it came with.
const server = `
import sys
from concurrent import futures
import grpc

class Echo(grpc.GenericRpcHandler):
    def service(self, details):
        def handle(request, context):
            context.send_initial_metadata(tuple(
                (item.key, item.value) for item in details.invocation_metadata
                if not item.key.startswith("user-agent")))
            return request
        return grpc.unary_unary_rpc_method_handler(handle)

server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
server.add_generic_rpc_handlers((Echo(),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
`;

describe.skipIf(!isPresent)("Python's gRPC (skipped without python3-grpcio)", () => {
  let program: Awaited<ReturnType<typeof startProgram>>;
  let client: Client;

  beforeAll(async () => {
    program = await startProgram(systemPython, ["-c", server]);
    client = new Client(`127.0.0.1:${program.line}`, credentials.createInsecure());
  });

  afterAll(async () => {
    client?.close();
    if (program !== undefined) await stopProgram(program.child);
  });

  function echo(metadata: Metadata): Promise<Metadata> {
    return new Promise((resolve, reject) => {
      const identity = (bytes: Buffer): Buffer => bytes;
      const body = Buffer.from("{}");
      const call = client.makeUnaryRequest("/echo", identity, identity, body, metadata, (error) => {
        if (error) reject(error);
      });
      call.once("metadata", resolve);
    });
  }

  test("brings back in metadata the context it was sent", async () => {
    const propagator = everyStyle();
    const sent = new MetadataOf();
    propagator.inject(fullContext, grpcCarrier(sent));

    const received = await echo(sent);

    const context = propagator.extract(grpcCarrier(received));
    expect(context).toMatchObject({
      traceIdHex: fullContext.traceIdHex,
      spanId: fullContext.spanId,
      samplingPriority: fullContext.samplingPriority,
      origin: fullContext.origin,
      tags: fullContext.tags,
      baggage: fullContext.baggage,
    });
    for (const name of propagator.fields()) {
      expect(received.get(name), name).toEqual(sent.get(name));
    }
  });
});
