// What the examples in the docstrings of dd-propagation take for granted.
import type { IncomingMessage } from "node:http";
import type { Metadata } from "@grpc/grpc-js";
import type { Propagator, SpanContext } from "@llmdevops/dd-propagation";
import type { Channel } from "amqplib";
import type { KafkaMessage } from "kafkajs";

export declare const body: Buffer;
export declare const channel: Channel;
export declare const context: SpanContext;
export declare const documentId: string;
export declare const headers: Record<string, string>;
export declare const metadata: Metadata;
export declare const order: { readonly id: string };
export declare const outgoingHeaders: Record<string, string>;
export declare const propagator: Propagator;
export declare const query: string;
export declare const received: KafkaMessage;
export declare const request: IncomingMessage;
export declare const url: URL;
export declare const TopicArn: string;
export declare const Message: string;
export declare const QueueUrl: string;
export declare const MessageBody: string;
/** As `ReceiveMessage` of the AWS SDK answers. */
export declare const response: {
  readonly Messages?: {
    readonly Body?: string;
    readonly MessageAttributes?: Record<
      string,
      { readonly DataType: string | undefined; readonly StringValue?: string }
    >;
  }[];
};
