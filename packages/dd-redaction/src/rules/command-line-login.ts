import { hasPairSign } from "../detection/character-features.ts";
import type { PatternRule } from "./pattern-scanner.ts";
import { isQuotedSecret } from "./secret-value.ts";

/**
 * `curl -u name:password` (https://curl.se/docs/manpage.html#-u): the name stays. Longer distances to the option are
 * not looked at, to stay linear.
 */
export const commandLineLoginRules: readonly PatternRule[] = [
  {
    name: "secret_pair",
    needs: hasPairSign,
    pattern:
      /curl [^\n]{0,120}?(?<=[ \t])(?:-u|--user)[ \t=]{0,2}["']?[^\s:"']{1,40}:([^\s"'\\]{1,256})/g,
    accept: isQuotedSecret,
  },
];
