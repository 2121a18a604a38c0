import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A client under load; `flush` resolves when everything was sent. */
export interface LoadedClient {
  readonly name: string;
  count(value: number, index: number): void;
  gauge(value: number, index: number): void;
  distribution(value: number, index: number): void;
  flush(): Promise<void>;
}

/** What 100,000 calls cost. */
export interface DatagramResult {
  readonly name: string;
  readonly datagrams: number;
  readonly lines: number;
  /** Processor time of the whole process (ms). */
  readonly cpuMs: number;
}

/** Receives and counts. */
export interface DatagramSink {
  readonly port: number;
  take(): Promise<{ readonly datagrams: number; readonly lines: number }>;
  stop(): void;
}

export async function startSink(): Promise<DatagramSink> {
  const child: ChildProcess = fork(fileURLToPath(new URL("datagram-sink.mjs", import.meta.url)));
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    port,
    async take() {
      child.send("take");
      const [counts] = await once(child, "message");
      return counts as { datagrams: number; lines: number };
    },
    stop: () => child.kill(),
  };
}

/** 50 % counts, 10 % gauges and 40 % distributions, in slices with a turn of the event loop between them. */
export async function measureDatagrams(
  client: LoadedClient,
  sink: DatagramSink,
): Promise<DatagramResult> {
  await sink.take();
  const start = process.cpuUsage();
  for (let index = 0; index < 100_000; index += 1) {
    const kind = index % 10;
    if (kind < 5) client.count(1, index);
    else if (kind < 6) client.gauge(index % 100, index);
    else client.distribution(index % 500, index);
    if (index % 500 === 499) await nextTurn();
  }
  await client.flush();
  const { user, system } = process.cpuUsage(start);
  await delay(300);
  return { name: client.name, ...(await sink.take()), cpuMs: (user + system) / 1e3 };
}
