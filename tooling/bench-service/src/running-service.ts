import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FastStretch, SteadyStretch } from "@llmdevops/measure";
import type { LoadOrder, LoadResult } from "./load.ts";

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

interface Ports {
  readonly port: number;
  readonly dogstatsdPort: number;
}

const connections = 16;

/** The service with one kind of telemetry, what it sends to, and what sends it requests: a process each. */
export class RunningService {
  readonly #receiver: ChildProcess;
  readonly #service: ChildProcess;
  readonly #generator: ChildProcess;
  readonly #port: number;

  private constructor(
    receiver: ChildProcess,
    service: ChildProcess,
    generator: ChildProcess,
    port: number,
  ) {
    this.#receiver = receiver;
    this.#service = service;
    this.#generator = generator;
    this.#port = port;
  }

  /**
   * Starts the processes.
   *
   * @param telemetry A kind of telemetry, with `+llmobs` and `+fetch` after it where that is wanted.
   * @param peers Where the peers are installed.
   */
  static async start(telemetry: string, peers: string): Promise<RunningService> {
    const receiver = start("receiver");
    const { port, dogstatsdPort } = await answerOf<Ports>(receiver);
    const url = `http://127.0.0.1:${port}`;
    const [name = "none", ...extras] = telemetry.split("+");
    const service = start("service", [name, url, String(dogstatsdPort), url, peers, ...extras]);
    try {
      const servicePort = await answerOf<number>(service);
      return new RunningService(receiver, service, start("load"), servicePort);
    } catch (cause) {
      receiver.disconnect();
      throw new Error(`The service with ${telemetry} does not start.`, { cause });
    }
  }

  /** Sends requests at a rate (requests/s) for so many seconds. */
  async steady(seconds: number, rate: number): Promise<SteadyStretch> {
    // What comes after a pause is no steady state yet.
    await this.#load({ seconds: 0.3, rate });
    await asked<Received>(this.#receiver, "received");
    const before = await asked<Usage>(this.#service, "usage");
    const { requests, p50Ms, p99Ms, failures } = await this.#load({ seconds, rate });
    const after = await asked<Usage>(this.#service, "usage");
    const received = await asked<Received>(this.#receiver, "received");
    return {
      p50Ms,
      p99Ms,
      cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / requests,
      residentMegabytes: after.residentBytes / 1e6,
      loopDelayP99Ms: after.loopDelayP99Ms,
      failures,
      sent: {
        requests: received.requests / requests,
        bytes: received.bytes / requests,
        datagrams: received.datagrams / requests,
      },
    };
  }

  /** Sends so many requests as fast as they are answered. */
  async fast(amount: number): Promise<FastStretch> {
    const { requests, failures, seconds } = await this.#load({ requests: amount });
    const { residentBytes } = await asked<Usage>(this.#service, "usage");
    return { throughput: requests / seconds, residentMegabytes: residentBytes / 1e6, failures };
  }

  async stop(): Promise<void> {
    this.#generator.disconnect();
    if (this.#service.connected) {
      const isGone = once(this.#service, "exit");
      this.#service.send("stop");
      await isGone;
    }
    this.#receiver.disconnect();
  }

  #load(amount: LoadOrder["amount"]): Promise<LoadResult> {
    return asked(this.#generator, { port: this.#port, connections, amount });
  }
}

function start(file: string, options: readonly string[] = []): ChildProcess {
  const path = fileURLToPath(new URL(`../dist/${file}.js`, import.meta.url));
  return fork(path, options, { execArgv: [] });
}

async function asked<Answer>(child: ChildProcess, message: string | LoadOrder): Promise<Answer> {
  const answered = answerOf<Answer>(child);
  child.send(message);
  return answered;
}

/** The next message of a process. @throws Where it ends instead. */
async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const end = new AbortController();
  const { signal } = end;
  const isGone = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`A process of the benchmark has ended with ${String(code)}.`);
  });
  try {
    const [answer] = await Promise.race([once(child, "message", { signal }), isGone]);
    return answer as Answer;
  } finally {
    isGone.catch(() => undefined);
    end.abort();
  }
}
