// Turns events into JSON lines without secrets: by the name of a field, and wherever a known secret stands in a text.
import pino, { type Logger } from "pino";

/** Where lines go. */
export type LogStream = { write(line: string): void };

/** Fields whose values are never written, at any of the first three depths. */
const SECRET_FIELDS = ["key", "privateKey", "token", "password", "secret", "raw", "signature", "authorization", "url"];
const REDACTED = "[redacted]";
/** Shorter texts would cut words apart. */
const SHORTEST_SECRET = 6;

/**
 * A logger of JSON lines with ISO times.
 *
 * @param secrets Texts that must not be in any line, such as keys and addresses with tokens.
 */
export function createLog(stream: LogStream, secrets: readonly string[], level = "info"): Logger {
  const hidden = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: REDACTED },
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line: string) => {
        stream.write(withoutSecrets(line, hidden));
      },
    },
  );
}

/** The text with each secret blotted out, also as JSON writes it. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return forms.reduce((result, form) => result.replaceAll(form, REDACTED), text);
}
