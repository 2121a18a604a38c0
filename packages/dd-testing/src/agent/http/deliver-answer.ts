import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../fail-mode.ts";
import type { Answer } from "./answer.ts";

/**
 * Sends an answer, or breaks it in the way the fault asks for. Never rejects.
 *
 * @param healed Aborted when the fault ends or the agent stops, which cuts waiting short.
 */
export async function deliverAnswer(
  response: ServerResponse,
  answer: Answer,
  fault: Fault | undefined,
  healed: AbortSignal,
): Promise<void> {
  switch (fault?.mode) {
    case "stall":
      await wait(fault.ms, healed);
      send(response, answer);
      return;
    case "slow":
      await trickle(response, answer, fault.ms, healed);
      return;
    case "half-close":
      response.socket?.end();
      return;
    case "garbage":
      response.socket?.end("\u0000\u0001garbage: this is no HTTP\r\n\r\n");
      return;
    case "wrong-content-length":
      writeHead(response, answer, Buffer.byteLength(answer.body) + 64);
      response.write(answer.body, () => response.socket?.end());
      return;
    default:
      send(response, answer);
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  writeHead(response, answer, Buffer.byteLength(answer.body));
  response.end(answer.body);
}

function writeHead(response: ServerResponse, answer: Answer, contentLength: number): void {
  response.writeHead(answer.status, {
    "content-type": answer.contentType,
    "content-length": contentLength,
    ...answer.headers,
  });
}

async function trickle(
  response: ServerResponse,
  answer: Answer,
  ms: number,
  healed: AbortSignal,
): Promise<void> {
  const body = Buffer.from(answer.body);
  writeHead(response, answer, body.length);
  response.flushHeaders();
  const steps = Math.min(10, body.length);
  for (let step = 0; step < steps && !response.destroyed; step += 1) {
    await wait(ms / steps, healed);
    const from = Math.floor((body.length * step) / steps);
    response.write(body.subarray(from, Math.floor((body.length * (step + 1)) / steps)));
  }
  response.end();
}

/** Timers hold at most 2^31 - 1 ms; a longer stall lasts until it is healed. */
const longestTimerMs = 2 ** 31 - 1;

async function wait(ms: number, healed: AbortSignal): Promise<void> {
  try {
    await delay(Math.min(ms, longestTimerMs), undefined, { signal: healed, ref: false });
  } catch {
    // Healed: answer now.
  }
}
