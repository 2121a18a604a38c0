const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";

/** What stands for characters that would make a line look like a real credential. */
const punctuation: Readonly<Record<string, string>> = { dash: "-", us: "_", dot: ".", slash: "/" };

const placeholder =
  /\{(alnum|hex|b64|digits|dash|us|dot|slash|jwt2?|pem1?|pgp|aws|gkey|entra)(?::([^}]*))?\}/g;

/**
 * Fills the placeholders of a corpus line with made-up values. The files themselves hold no
 * credential, not even an invalid one; the values are the same in every run.
 */
export function fillPlaceholders(line: string, seed: number): string {
  const random = createRandom(seed);
  return line.replace(placeholder, (_, kind: string, argument: string | undefined) =>
    fakeValue(kind, argument ?? "", random),
  );
}

type Random = (alphabet: string, length: number) => string;

function createRandom(seed: number): Random {
  let state = (seed + 1) * 2_654_435_761;
  return (alphabet, length) => {
    let text = "";
    for (let index = 0; index < length; index++) {
      state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
      text += alphabet[(state >>> 7) % alphabet.length];
    }
    return text;
  };
}

function fakeValue(kind: string, argument: string, random: Random): string {
  const length = Number(argument) || 0;
  switch (kind) {
    case "alnum":
      // A digit and both cases at the front: what real tokens always have somewhere.
      return `a7Q${random(letters + digits, length - 3)}`.slice(0, length);
    case "hex":
      return random("0123456789abcdef", length);
    case "b64":
      return random(letters + digits, length);
    case "digits":
      return random("123456789", length);
    case "jwt":
      return jsonWebToken(random, true);
    case "jwt2":
      return jsonWebToken(random, false);
    case "pem":
      return pem(argument, random, "\n");
    case "pem1":
      return pem(argument, random, "\\n");
    case "pgp":
      return pem("PGP PRIVATE KEY BLOCK", random, "\n");
    case "aws":
      return argument + random("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
    case "gkey":
      return `${["AI", "za"].join("")}Sy${random(letters + digits, 33)}`;
    case "entra":
      return `a1b8Q~${random(letters + digits, 34)}`;
    default:
      return punctuation[kind] ?? "";
  }
}

function jsonWebToken(random: Random, signed: boolean): string {
  const encode = (value: unknown): string => btoa(JSON.stringify(value)).replace(/=+$/, "");
  const header = encode({ alg: signed ? "HS256" : "none", typ: "JWT" });
  const payload = encode({ sub: "1234567890", name: "Jane Roe", iat: 1_516_239_022 });
  return `${header}.${payload}.${signed ? random(letters + digits, 43) : ""}`;
}

function pem(kind: string, random: Random, lineEnd: string): string {
  const dashes = "-".repeat(5);
  const lines = [64, 64, 40].map((length) => random(`${letters}${digits}+/`, length));
  return [`${dashes}BEGIN ${kind}${dashes}`, ...lines, `${dashes}END ${kind}${dashes}`].join(
    lineEnd,
  );
}
