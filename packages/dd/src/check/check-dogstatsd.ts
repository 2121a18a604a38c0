import { createSocket } from "node:dgram";
import { statSync } from "node:fs";
import type { AgentAnswer } from "@llmdevops/dd-core";
import type { DogStatsDAddress } from "@llmdevops/dd-metrics";
import type { CheckItem } from "./check-item.ts";

/** How long the system may take to say that nobody listens on a port of this machine (ms). */
const refusalTimeMs = 200;
const topic = "DogStatsD";

/** Sends an empty datagram, which carries no metric: a port that nobody listens on is refused by the system. */
export function probeDogStatsD(address: DogStatsDAddress): Promise<"accepted" | string> {
  if (address.protocol === "uds") return Promise.resolve(socketState(address.path));
  const { host, port } = address;
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    socket.unref();
    const settle = (state: string) => {
      clearTimeout(timer);
      resolve(state);
      socket.removeAllListeners("error").on("error", () => {});
      close(socket);
    };
    const timer = setTimeout(() => settle("accepted"), refusalTimeMs);
    timer.unref();
    socket.on("error", (error: NodeJS.ErrnoException) => settle(error.code ?? "an error"));
    // A failure of the first step, such as an unknown host, is told to its callback and not as an event.
    const onConnect = (error?: NodeJS.ErrnoException) => {
      if (error == null) socket.send("", () => {});
      else settle(error.code ?? "an error");
    };
    socket.connect(port, host, onConnect);
  });
}

/** What is known of the metrics' way; UDP gives no receipt. */
export function checkDogStatsD(
  address: DogStatsDAddress,
  state: string | undefined,
  answer: AgentAnswer | undefined,
): CheckItem {
  const place =
    address.protocol === "uds" ? `unix://${address.path}` : `udp://${address.host}:${address.port}`;
  if (state === undefined) return { topic, status: "info", finding: `${place} has not been tried` };
  if (state !== "accepted") {
    const remedy = "Turn DogStatsD on in the Agent, or set DD_DOGSTATSD_URL.";
    return { topic, status: "error", finding: `${place} takes nothing: ${state}`, remedy };
  }
  const port = answer?.statsdPort;
  if (address.protocol === "udp" && port !== undefined && port > 0 && port !== address.port) {
    const finding = `metrics go to ${place}, but the Agent says that it listens on port ${port}`;
    return { topic, status: "warning", finding, remedy: `Set DD_DOGSTATSD_PORT=${port}.` };
  }
  const receipt = address.protocol === "udp" ? " (UDP gives no receipt)" : "";
  return { topic, status: "ok", finding: `${place} is not refused${receipt}` };
}

function socketState(path: string): string {
  try {
    return statSync(path).isSocket() ? "accepted" : "not a socket";
  } catch {
    return "no such socket";
  }
}

function close(socket: ReturnType<typeof createSocket>): void {
  try {
    socket.close();
  } catch {
    // It is closed already.
  }
}
