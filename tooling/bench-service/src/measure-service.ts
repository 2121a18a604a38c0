import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LoadOrder, LoadResult } from "./load.ts";

/** How long and how hard the service is driven. */
export interface ServicePhases {
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly connections: number;
  /** Requests for each second while latency and CPU are measured: the same for every telemetry. */
  readonly rate: number;
}

/** One run of the service with one kind of telemetry. */
export interface ServiceRun {
  /** Requests answered for each second, as many as the process can. */
  readonly throughput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of the whole process for each request (µs), export included. */
  readonly cpuMicroseconds: number;
  /** Resident set at the end (MB). */
  readonly residentMegabytes: number;
  readonly loopDelayP99Ms: number;
  readonly failures: number;
  /** HTTP requests, their bytes, and datagrams that the telemetry made for each request to the service. */
  readonly sent: { readonly requests: number; readonly bytes: number; readonly datagrams: number };
}

interface Usage {
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
  readonly loopDelayP99Ms: number;
}
interface Received {
  readonly requests: number;
  readonly bytes: number;
  readonly datagrams: number;
}

function start(file: string, options: readonly string[] = []): ChildProcess {
  const path = fileURLToPath(new URL(`../dist/${file}.js`, import.meta.url));
  return fork(path, options, { execArgv: [] });
}

async function asked<Answer>(child: ChildProcess, message: string | LoadOrder): Promise<Answer> {
  const answered = once(child, "message");
  child.send(message);
  const [answer] = (await answered) as [Answer];
  return answer;
}

/** Runs the service once with one kind of telemetry, in processes of its own. */
export async function measureService(
  telemetry: string,
  peers: string,
  { warmUpSeconds, seconds, connections, rate }: ServicePhases,
): Promise<ServiceRun> {
  const receiver = start("receiver");
  const [{ port, dogstatsdPort }] = (await once(receiver, "message")) as [
    { readonly port: number; readonly dogstatsdPort: number },
  ];
  const url = `http://127.0.0.1:${port}`;
  const [name = "none", ...extras] = telemetry.split("+");
  const service = start("service", [name, url, String(dogstatsdPort), url, peers, ...extras]);
  const generator = start("load");
  const [servicePort] = (await once(service, "message")) as [number];
  const order = { port: servicePort, connections };
  try {
    await asked<LoadResult>(generator, { ...order, seconds: warmUpSeconds });
    const fast = await asked<LoadResult>(generator, { ...order, seconds });
    await asked<LoadResult>(generator, { ...order, seconds: 1, rate });
    await asked<Received>(receiver, "received");
    const before = await asked<Usage>(service, "usage");
    const steady = await asked<LoadResult>(generator, { ...order, seconds, rate });
    const after = await asked<Usage>(service, "usage");
    const received = await asked<Received>(receiver, "received");
    return {
      throughput: fast.requests / fast.seconds,
      p50Ms: steady.p50Ms,
      p99Ms: steady.p99Ms,
      cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / steady.requests,
      residentMegabytes: after.residentBytes / 1e6,
      loopDelayP99Ms: after.loopDelayP99Ms,
      failures: fast.failures + steady.failures,
      sent: {
        requests: received.requests / steady.requests,
        bytes: received.bytes / steady.requests,
        datagrams: received.datagrams / steady.requests,
      },
    };
  } finally {
    generator.disconnect();
    const isGone = once(service, "exit");
    service.send("stop");
    await isGone;
    receiver.disconnect();
  }
}
