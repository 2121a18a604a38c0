import { hasDigits, hasPairSign } from "../detection/character-features.ts";
import type { PatternRule } from "./pattern-scanner.ts";

/** Loopback and unspecified addresses belong to nobody. */
function isRemote(address: string): boolean {
  return !/^(?:127\.|0\.0\.0\.0$)/.test(address);
}

/**
 * Whether a run of hexadecimal groups and colons is an IPv6 address (RFC 4291, section 2.2): eight
 * groups, or fewer with one `::`. Times such as `12:30:59` are not.
 */
function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = text.split(":").filter((group) => group !== "");
  const width = groups.length + (text.includes(".") ? 1 : 0);
  if (halves.length === 1) return width === 8 && !text.startsWith(":") && !text.endsWith(":");
  return width >= 2 && width <= 7;
}

/** Addresses of machines, which the GDPR counts as personal data. */
export const networkAddressRules: readonly PatternRule[] = [
  {
    name: "ipv4",
    needs: hasDigits,
    pattern:
      /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)/g,
    accept: isRemote,
  },
  {
    name: "ipv6",
    needs: hasPairSign,
    pattern:
      /(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{1,4}|(?<=::))(?![\w:])/g,
    accept: isIpv6,
  },
  {
    name: "mac_address",
    needs: hasDigits | hasPairSign,
    pattern:
      /(?<![\w:-])(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2})(?![\w:-])/g,
    accept: (found) => !/^(?:00[:.-]?)+$/.test(found),
  },
];
