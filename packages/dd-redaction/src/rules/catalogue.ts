/** Name of a built-in rule. */
export type BuiltInRuleName =
  | "private_key"
  | "url_credentials"
  | "anthropic_key"
  | "openai_key"
  | "aws_key"
  | "google_key"
  | "azure_key"
  | "github_token"
  | "slack_token"
  | "stripe_key"
  | "datadog_key"
  | "provider_key"
  | "bearer_token"
  | "basic_auth"
  | "jwt"
  | "secret_pair"
  | "payment_card"
  | "ssn"
  | "iban"
  | "email"
  | "phone"
  | "ipv4"
  | "ipv6"
  | "mac_address"
  | "national_id"
  | "medical_record"
  | "account_number"
  | "vehicle_id"
  | "device_id"
  | "url"
  | "date"
  | "age_over_89"
  | "zip_code";

/** A built-in rule: what it is called and what replaces its matches. */
export interface CatalogueEntry {
  readonly name: BuiltInRuleName;
  readonly label: string;
  /** Presets that turn it on. */
  readonly presets: readonly ("default" | "gdpr" | "hipaa")[];
}

const all = ["default", "gdpr", "hipaa"] as const;
const gdprAndHipaa = ["gdpr", "hipaa"] as const;
const hipaa = ["hipaa"] as const;

/**
 * The built-in rules, the more specific first: where two match the same text, the first names it.
 */
export const catalogue: readonly CatalogueEntry[] = [
  { name: "private_key", label: "[PRIVATE_KEY_REDACTED]", presets: all },
  { name: "url_credentials", label: "[URL_CREDENTIALS_REDACTED]", presets: all },
  { name: "anthropic_key", label: "[API_KEY_REDACTED]", presets: all },
  { name: "openai_key", label: "[API_KEY_REDACTED]", presets: all },
  { name: "aws_key", label: "[AWS_KEY_REDACTED]", presets: all },
  { name: "google_key", label: "[GOOGLE_KEY_REDACTED]", presets: all },
  { name: "azure_key", label: "[AZURE_KEY_REDACTED]", presets: all },
  { name: "github_token", label: "[GITHUB_TOKEN_REDACTED]", presets: all },
  { name: "slack_token", label: "[SLACK_TOKEN_REDACTED]", presets: all },
  { name: "stripe_key", label: "[STRIPE_KEY_REDACTED]", presets: all },
  { name: "datadog_key", label: "[DATADOG_KEY_REDACTED]", presets: all },
  { name: "provider_key", label: "[API_KEY_REDACTED]", presets: all },
  { name: "bearer_token", label: "[TOKEN_REDACTED]", presets: all },
  { name: "basic_auth", label: "[BASIC_AUTH_REDACTED]", presets: all },
  { name: "jwt", label: "[JWT_REDACTED]", presets: all },
  { name: "secret_pair", label: "[SECRET_REDACTED]", presets: all },
  { name: "payment_card", label: "[CC_REDACTED]", presets: all },
  { name: "ssn", label: "[SSN_REDACTED]", presets: all },
  { name: "iban", label: "[IBAN_REDACTED]", presets: all },
  { name: "email", label: "[EMAIL_REDACTED]", presets: all },
  { name: "ipv6", label: "[IP_REDACTED]", presets: gdprAndHipaa },
  { name: "ipv4", label: "[IP_REDACTED]", presets: gdprAndHipaa },
  { name: "mac_address", label: "[MAC_REDACTED]", presets: gdprAndHipaa },
  { name: "national_id", label: "[NATIONAL_ID_REDACTED]", presets: gdprAndHipaa },
  { name: "medical_record", label: "[MRN_REDACTED]", presets: hipaa },
  { name: "account_number", label: "[ACCOUNT_REDACTED]", presets: hipaa },
  { name: "vehicle_id", label: "[VIN_REDACTED]", presets: hipaa },
  { name: "device_id", label: "[DEVICE_REDACTED]", presets: hipaa },
  { name: "url", label: "[URL_REDACTED]", presets: hipaa },
  { name: "date", label: "[DATE_REDACTED]", presets: hipaa },
  { name: "age_over_89", label: "[AGE_REDACTED]", presets: hipaa },
  { name: "zip_code", label: "[ZIP_REDACTED]", presets: hipaa },
  { name: "phone", label: "[PHONE_REDACTED]", presets: all },
];

/** Names of all built-in rules, for options and reports. */
export const builtInRuleNames: readonly BuiltInRuleName[] = catalogue.map(({ name }) => name);
