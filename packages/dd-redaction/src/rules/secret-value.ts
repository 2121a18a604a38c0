/** What documentation puts where a secret would be, and what redaction has put there already. */
const placeholder =
  /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_]+|<[^>]*>|\{\{[^}]*\}\}|%\w+%|%\(\w+\)s|[*•]+.{0,4}|x{3,}|X{3,}|\.{3,}|…|\[[A-Z_]+(?::[0-9a-f]+)?\])$/;

const ordinaryWords = new Set(
  (
    "true false null none nil undefined string str number int integer boolean bool bytes object " +
    "any unknown required optional invalid missing empty unset disabled enabled expired yes no " +
    "on off ok default auto redacted hidden masked basic digest oauth oauth2 jwt bearer"
  ).split(" "),
);

/** A variable whose closing brace ended the word; one with a default (`${NAME:-…}`) may hold a secret. */
const openVariable = /^\$\{[A-Za-z_][\w.]*$/;
const memberExpression = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+[!;]?$/;
/** The word before the bracket of a call; longer ones are no names. */
const call = /^[A-Za-z_$][\w$.?]{0,40}\(/;
/** The type of a secret in code, `AccessTokenProvider`, by how such names end; a pass phrase ends otherwise. */
const typeName = new RegExp(
  "^[A-Za-z]?[a-z]{2,}(?:[A-Z][a-z]{2,})*(?:" +
    "Provider|Type|Options?|Config|Configuration|Settings|Params|Props|Input|Output|Service|Factory|Handler|Store|" +
    "Source|Client|Request|Response|Error|Context|Resolver|Builder|Policy|Schema|Credentials?|Token|Key|Secret|Password" +
    ")$",
);
/** Where something is to be found; a user or a password in it are found for themselves. */
const address = /^https?:\/\//i;
const scheme = /^(?:bearer|basic|digest|token)[ \t]{1,4}/i;
const replacedByName = /^\[(?:redacted|filtered|hidden|masked|removed)\]$/i;
/** What masking leaves. */
const masked = /^\*{8}/;
const plainWord = /^[A-Za-z][a-z]*(?:[-_][A-Za-z]+)*$/;

function isReplaced(value: string): boolean {
  return (
    placeholder.test(value) ||
    masked.test(value) ||
    openVariable.test(value) ||
    replacedByName.test(value)
  );
}

/** Whether text between quotes under a sensitive key holds a secret. */
export function isQuotedSecret(content: string): boolean {
  return content.length > 0 && !isReplaced(content.replace(scheme, ""));
}

/**
 * Whether a bare word after a sensitive key is a secret and no code, type or prose.
 *
 * @param attached The word follows a `=` or `:` without a space, as in `password=…`.
 * @param isCounter The key ends in `token`, where a bare number is an id or a count.
 * @param isSensitiveKey Tells whether the word is itself such a key (`token=next_token`).
 */
export function isBareSecret(
  value: string,
  attached: boolean,
  isCounter: boolean,
  isSensitiveKey: (key: string) => boolean,
): boolean {
  if (value.length < 4 || call.test(value) || isReplaced(value)) return false;
  // A regular expression of code.
  if (value.startsWith("/^")) return false;
  if (!attached && (address.test(value) || typeName.test(value))) return false;
  if (ordinaryWords.has(value.toLowerCase())) return false;
  if (/^\d+$/.test(value)) return !isCounter;
  if (memberExpression.test(value) && !/\d/.test(value)) return false;
  if (/^[\w$]+(?:\.[\w$]+)*\[/.test(value)) return false;
  if (/\d/.test(value) || /[!@#$%^*+/~]/.test(value)) return true;
  if (isSensitiveKey(value)) return false;
  if (attached && value.length >= 6) return plainWord.test(value) || value.length >= 8;
  return value.length >= 16 && !/[-_.]/.test(value);
}
