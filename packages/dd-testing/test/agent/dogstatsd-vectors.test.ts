import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type DogstatsdMessage, parseDatagram } from "../../src/agent/dogstatsd/parse-datagram.ts";

interface VectorCase {
  readonly id: string;
  readonly kind: "metric" | "event" | "service_check";
  readonly message: string;
  readonly expect: Readonly<Record<string, unknown>>;
}

const vectors = new URL("../../../../../shared/vectors/dogstatsd.json", import.meta.url);
const cases: VectorCase[] = existsSync(vectors)
  ? JSON.parse(readFileSync(vectors, "utf8")).cases
  : [];

/** A parsed message in the vocabulary of the vectors. */
function project(message: DogstatsdMessage | undefined): Record<string, unknown> {
  switch (message?.kind) {
    case "metric": {
      const { name, type, values, tags, sampleRate, timestamp, localData, externalData } =
        message.metric;
      return {
        name,
        type,
        values,
        set_value: values[0],
        tags,
        sample_rate: sampleRate,
        timestamp,
        local_data: localData,
        container_id: localData,
        external_data: externalData,
      };
    }
    case "event": {
      const { title, text, priority, alertType, timestamp, hostname, tags } = message.event;
      return { title, text, priority, alert_type: alertType, timestamp, hostname, tags };
    }
    case "serviceCheck":
      return { ...message.check };
    default:
      return { error: true };
  }
}

describe.skipIf(cases.length === 0)(
  "vectors of the Agent's own parser tests, where present",
  () => {
    test("are there in number", () => {
      expect(cases.length).toBeGreaterThan(40);
    });

    test.each(cases)("$id: $message", ({ message, expect: expected }) => {
      const messages = parseDatagram(Buffer.from(message));

      expect(messages).toHaveLength(1);
      expect(project(messages[0])).toMatchObject(expected);
    });
  },
);
