import type { JsonObject } from "./json-value.ts";

/**
 * Reads a form that carries files: its texts as they are, of a file its name, type and size. A field
 * that comes more than once is a list. Undefined where the body is no such form.
 */
export async function readMultipart(
  body: Buffer,
  contentType: string,
): Promise<JsonObject | undefined> {
  const response = new Response(new Uint8Array(body), { headers: { "content-type": contentType } });
  const form = await response.formData().catch(() => undefined);
  if (form === undefined) return undefined;
  const fields: Record<string, unknown> = Object.create(null);
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name).map((value) => {
      if (typeof value === "string") return value;
      return { name: value.name, type: value.type, size: value.size };
    });
    fields[name] = values.length === 1 ? values[0] : values;
  }
  return { ...fields };
}
