import { spawnSync } from "node:child_process";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kafkaCarrier } from "../src/index.ts";
import { startProgram, stopProgram, systemPython } from "./support/child-process.ts";
import { everyStyle, fullContext } from "./support/full-context.ts";

const isPresent = spawnSync(systemPython, ["-c", "import confluent_kafka"]).status === 0;
const topic = "orders";

// librdkafka's own mock broker: a producer that is told to, runs one inside.
const broker = `
import sys
from confluent_kafka import Producer
producer = Producer({"bootstrap.servers": "mock", "test.mock.num.brokers": "1"})
metadata = producer.list_topics(timeout=10)
node = next(iter(metadata.brokers.values()))
print("%s:%d" % (node.host, node.port), flush=True)
sys.stdin.read()
`;

describe.skipIf(!isPresent)(
  "librdkafka's mock broker (skipped without python3-confluent-kafka)",
  () => {
    let program: Awaited<ReturnType<typeof startProgram>>;

    beforeAll(async () => {
      program = await startProgram(systemPython, ["-c", broker]);
    });

    afterAll(async () => {
      if (program !== undefined) await stopProgram(program.child);
    });

    test("brings back in record headers the context it was sent", async () => {
      const propagator = everyStyle();
      const kafka = new Kafka({
        brokers: [program.line],
        logLevel: logLevel.NOTHING,
        retry: { initialRetryTime: 50, retries: 20 },
      });
      const producer = kafka.producer({ allowAutoTopicCreation: true });
      await producer.connect();
      const message = { value: "{}", headers: {} as Record<string, string> };
      propagator.inject(fullContext, kafkaCarrier(message.headers));
      await producer.send({ topic, messages: [message] });
      const consumer = kafka.consumer({ groupId: "billing" });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });

      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        consumer
          .run({ eachMessage: async ({ message: record }) => resolve(record.headers ?? {}) })
          .catch(reject);
      });

      await Promise.all([consumer.disconnect(), producer.disconnect()]);
      expect(headers["traceparent"]).toBeInstanceOf(Uint8Array);
      expect(propagator.extract(kafkaCarrier(headers))).toMatchObject({
        traceIdHex: fullContext.traceIdHex,
        spanId: fullContext.spanId,
        samplingPriority: fullContext.samplingPriority,
        origin: fullContext.origin,
        tags: fullContext.tags,
        baggage: fullContext.baggage,
      });
    }, 60_000);
  },
);
