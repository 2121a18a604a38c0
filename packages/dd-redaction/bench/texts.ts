const sentences = [
  "The assistant looked at the open ticket and asked the customer for the order number.",
  "We deployed the new retrieval pipeline on Tuesday, and latency went down by a third.",
  "If the tool call fails twice, the agent hands the task over to a human colleague.",
  "Refunds above fifty euros need the approval of a second person in the finance team.",
  "Please summarise the conversation in three sentences and list what is still open.",
  "The model answered in French, although the question had been asked in Portuguese.",
  "Version 3.2 of the runbook explains how to roll back: stop the workers, then the API.",
  "Nothing in the logs points to a network problem; the upstream service was just slow.",
];

const secrets = [
  "Write to ada.lovelace@example.com for details.",
  "Call +1 (415) 555-2671 before noon.",
  "The card 4111 1111 1111 1111 was declined.",
  "Send it with Bearer abcdef0123456789abcdef please.",
  "Her number 219-09-9999 is on the form.",
];

/** English prose of about `length` characters, with `hitsPerKilobyte` secrets spread over it. */
export function prose(length: number, hitsPerKilobyte: number): string {
  let text = "";
  let hits = 0;
  for (let index = 0; text.length < length; index++) {
    text += `${sentences[(index * 5 + 3) % sentences.length]} `;
    if (hits < (text.length / 1024) * hitsPerKilobyte - 0.5) {
      text += `${secrets[hits % secrets.length]} `;
      hits++;
    }
  }
  return flat(text.slice(0, length));
}

/** JSON log lines full of numbers, without a secret. */
export function digitHeavyJson(length: number): string {
  let text = "";
  for (let index = 0; text.length < length; index++) {
    text += `${JSON.stringify({
      timestamp: 1_732_153_387_123 + index * 17,
      level: "info",
      trace_id: ((0x9e3779b97f4a7c15n * BigInt(index + 1)) & 0xffffffffffffffffn).toString(),
      duration_ms: (index * 37) % 4000,
      status: 200,
      "llm.input_tokens": 1200 + index,
      "llm.cost.total_usd": 0.001234 + index / 1e6,
      at: `2024-11-20T01:43:${String(index % 60).padStart(2, "0")}.123Z`,
      path: `/v1/orders/${100_000 + index}/items`,
    })}\n`;
  }
  return flat(text.slice(0, length));
}

/** A new string with the same content, in one piece and unknown to any cache of identities. */
export function flat(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}
