/**
 * What stands next to a replacement and could only now be a match of its own, because a letter or
 * digit that stood before it is gone.
 */
const seam = /\](?:[\w@%/+-]|[.:=]\w|[ (]{1,3}\d)|\*{8}\w{0,4}[@.:=%/+-]\w|[\w@%/+-]\[[A-Z]/;

/** Whether redacting an already redacted text once more could find something. */
export function needsAnotherPass(text: string): boolean {
  return seam.test(text);
}
