import { type ClientOptions, StatsD } from "hot-shots";

/** What hot-shots has besides what its types show. */
export type StatsDClient = StatsD & {
  /** Sends a finished datagram past every buffer. */
  sendMessage(message: string, done: (error?: Error | null) => void): void;
  readonly containerID?: string;
  readonly externalData?: string;
  readonly cardinality?: string;
};

/** Creates a hot-shots client that only sends what is finished. */
export function createStatsDClient(
  options: ClientOptions,
  onError: (cause: Error) => void,
): StatsDClient {
  return new StatsD({
    // Otherwise hot-shots finds the container's id only where it finds one of Datadog's variables.
    datadog: true,
    ...options,
    // Lines are gathered and packed before.
    maxBufferSize: 0,
    // hot-shots would add the DD_* tags a second time.
    includeDataDogTags: false,
    includeDatadogTelemetry: false,
    errorHandler: onError,
  }) as StatsDClient;
}

/** What says where a value comes from, with the leading `|`: container and external data. */
export function originFieldsOf({ containerID, externalData }: StatsDClient): string {
  return [containerID ? `|c:${containerID}` : "", externalData ? `|e:${externalData}` : ""].join(
    "",
  );
}
