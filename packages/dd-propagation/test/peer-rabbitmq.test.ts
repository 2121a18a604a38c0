import { connect } from "amqplib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { amqpCarrier } from "../src/index.ts";
import { everyStyle, fullContext } from "./support/full-context.ts";
import { isRabbitMQPresent, type RabbitMQ, startRabbitMQ } from "./support/rabbitmq.ts";

describe.skipIf(!isRabbitMQPresent)("RabbitMQ (skipped without rabbitmq-server)", () => {
  let broker: RabbitMQ | undefined;

  beforeAll(async () => {
    broker = await startRabbitMQ();
  }, 60_000);

  afterAll(async () => {
    await broker?.stop();
  }, 30_000);

  test("brings back in message properties the context it was sent", async () => {
    const propagator = everyStyle();
    const connection = await connect(broker?.url ?? "");
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue("", { exclusive: true });
    const options = { headers: {} };
    propagator.inject(fullContext, amqpCarrier(options));
    channel.sendToQueue(queue, Buffer.from("{}"), options);
    await channel.waitForConfirms();

    const message = await channel.get(queue, { noAck: true });

    await connection.close();
    const properties = message === false ? undefined : message.properties;
    expect(properties?.headers).toEqual(options.headers);
    expect(propagator.extract(amqpCarrier(properties))).toMatchObject({
      traceIdHex: fullContext.traceIdHex,
      spanId: fullContext.spanId,
      samplingPriority: fullContext.samplingPriority,
      origin: fullContext.origin,
      tags: fullContext.tags,
      baggage: fullContext.baggage,
    });
  }, 30_000);
});
