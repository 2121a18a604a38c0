import { hasPairSign } from "../detection/character-features.ts";
import { addMatch } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";
import { isQuotedSecret } from "./secret-value.ts";

const command = "curl ";
/** Characters between the command and the option; longer distances are not looked at, to stay linear. */
const maximumDistance = 120;
const login = /(?<=[ \t])(?:-u|--user)[ \t=]{0,2}["']?[^\s:"']{1,40}:([^\s"'\\]{1,256})/y;

/** `curl -u name:password` (https://curl.se/docs/manpage.html#-u): the name stays. */
export function createCommandLineLoginScanner(rule: number): Scanner {
  return {
    needs: hasPairSign,
    minimumLength: 11,
    scan(text, matches) {
      // Hyphens are rare in prose, and the option is in both of its forms.
      for (let at = text.indexOf("-u"); at !== -1; at = text.indexOf("-u", at + 2)) {
        const start = text[at - 1] === "-" ? at - 1 : at;
        login.lastIndex = start;
        const password = login.exec(text)?.[1];
        if (password === undefined || !followsCommand(text, start)) continue;
        const end = login.lastIndex;
        if (isQuotedSecret(password)) addMatch(matches, end - password.length, end, rule);
      }
    },
  };
}

function followsCommand(text: string, option: number): boolean {
  const before = text.slice(Math.max(0, option - maximumDistance - command.length), option);
  const from = before.lastIndexOf(command);
  return from !== -1 && !before.includes("\n", from);
}
