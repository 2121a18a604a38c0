/** What a route wants to say; how it gets to the client is up to the server and its fault. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer with a JSON body. */
export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value), contentType: "application/json" };
}

/** An answer with a plain text body. */
export function textAnswer(status: number, body: string): Answer {
  return { status, body, contentType: "text/plain; charset=utf-8" };
}
