import { EventEmitter, once } from "node:events";
import { connect } from "amqplib";

/** A message with the headers in which the context travels. */
interface HandoffMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A queue for hand-offs. */
export interface HandoffQueue {
  /** What carries the messages. */
  readonly broker: "rabbitmq" | "in-process";
  send(message: HandoffMessage): void;
  /** Takes one message and resolves with what `handle` makes of it. */
  receive<T>(handle: (message: HandoffMessage) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens a queue on RabbitMQ, or in this process where no broker is named or none answers. */
export async function openHandoffQueue(url: string | undefined): Promise<HandoffQueue> {
  if (url !== undefined) {
    try {
      return await openRabbitQueue(url);
    } catch {
      // The example shows the same without a broker.
    }
  }
  return openLocalQueue();
}

async function openRabbitQueue(url: string): Promise<HandoffQueue> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue("", { exclusive: true, autoDelete: true });
  return {
    broker: "rabbitmq",
    send: ({ body, headers }) => void channel.sendToQueue(queue, Buffer.from(body), { headers }),
    receive: (handle) =>
      new Promise((resolve, reject) => {
        const take = channel.consume(queue, (message) => {
          if (message === null) return;
          channel.ack(message);
          const headers = (message.properties.headers ?? {}) as Record<string, string>;
          handle({ body: message.content.toString(), headers }).then(resolve, reject);
        });
        take.catch(reject);
      }),
    close: () => connection.close(),
  };
}

function openLocalQueue(): HandoffQueue {
  const emitter = new EventEmitter();
  return {
    broker: "in-process",
    send: (message) => void setImmediate(() => emitter.emit("message", structuredClone(message))),
    async receive(handle) {
      const [message] = (await once(emitter, "message")) as [HandoffMessage];
      return handle(message);
    },
    close: async () => {
      emitter.removeAllListeners();
    },
  };
}
