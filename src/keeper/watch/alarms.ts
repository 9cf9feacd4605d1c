// Turns what is wrong into messages for people: each once, again only after a while, to every place that was named.
import { z } from "zod";

import { AppError } from "../../core/errors.ts";
import type { Clock } from "../store/store.ts";

/** Every kind of alarm; docs/operations.md says what each means and what to do. */
export const ALARM_KINDS = [
  ...(["publish", "rebalance", "check", "strike", "upkeep"] as const), // a task that failed
  ...(["gas", "silence", "cycle"] as const),
  ...(["clock", "week-missed", "target-expired", "past-deadline"] as const), // notes of the agenda
] as const;

type AlarmKind = (typeof ALARM_KINDS)[number];

/** A kind, and what it is about if there may be more than one. */
export type AlarmKey = AlarmKind | `${AlarmKind}:${string}`;

/** Something that a person should know. */
export type Alarm = {
  /** The same for the same trouble, so that it is not told again and again. */
  readonly key: AlarmKey;
  readonly severity: "warning" | "critical";
  readonly text: string;
};

/** A place that alarms are sent to. */
export interface AlarmPort {
  readonly name: string;
  /** @throws AlarmNotSentError when it does not take the alarm. */
  send(alarm: Alarm): Promise<void>;
}

/** A place of alarms did not take one. */
export class AlarmNotSentError extends AppError {
  readonly code = "ALARM_NOT_SENT";
  readonly kind = "data";
  override readonly retryable = true;
  readonly port: string;

  /** @param found Without the address, which may be a secret. */
  constructor(port: string, found: string) {
    super(`Expected ${port} to take an alarm, but ${found}. Check the address and the token.`);
    this.port = port;
  }
}

/** Tells people, and remembers what was told. */
export interface Alarms {
  raise(alarm: Alarm): Promise<void>;
  /** The trouble is over: the next time it is told at once. */
  clear(key: AlarmKey): void;
}

/** {ms} The same alarm is told again after so long. */
const REPEAT = 6 * 3_600_000;
/** {ms} */
const TIMEOUT = 10_000;
const TRIES = 3;

/** @param onLost Told of what could not be sent to one of the places; the others are asked all the same. */
export function alarmsTo(ports: readonly AlarmPort[], clock: Clock, onLost: (error: unknown) => void): Alarms {
  const told = new Map<AlarmKey, number>();
  return {
    clear: (key) => {
      told.delete(key);
    },
    raise: async (alarm) => {
      const now = clock.now();
      for (const [key, at] of told) if (Math.abs(now - at) >= REPEAT) told.delete(key);
      if (told.has(alarm.key)) return;
      told.set(alarm.key, now);
      const results = await Promise.allSettled(ports.map((port) => port.send(alarm)));
      const lost = results.filter((result) => result.status === "rejected");
      for (const { reason } of lost) onLost(reason);
      if (ports.length > 0 && lost.length === ports.length) told.delete(alarm.key); // nobody knows yet
    },
  };
}

/** Posts alarms as JSON: `fund`, `key`, `severity`, `text`. */
export function webhookPort(url: string, fund: string): AlarmPort {
  return {
    name: "webhook",
    send: async (alarm) => {
      await post("webhook", url, { fund, ...alarm });
    },
  };
}

/** How Telegram is reached; the address is another one in tests. */
export type TelegramSettings = { readonly token: string; readonly chat: string; readonly baseUrl?: string | undefined };

const telegramSchema = z.object({ ok: z.literal(true) });

/** Sends alarms to a chat by a bot. */
export function telegramPort({ token, chat, baseUrl }: TelegramSettings, fund: string): AlarmPort {
  const url = `${baseUrl ?? "https://api.telegram.org"}/bot${token}/sendMessage`;
  const send = async ({ severity, text }: Alarm): Promise<void> => {
    const answer = await post("telegram", url, { chat_id: chat, text: `${severity.toUpperCase()} ${fund}: ${text}` });
    if (!telegramSchema.safeParse(answer).success) throw new AlarmNotSentError("telegram", "it answered without ok");
  };
  return { name: "telegram", send };
}

/** Tells an outside watcher that the keeper lives; the watcher alarms when it hears nothing. */
export async function sendHeartbeat(url: string): Promise<void> {
  await ask("heartbeat", url, { method: "GET" });
}

/** @returns The answer's JSON; undefined when it has none. */
async function post(port: string, url: string, body: Readonly<Record<string, string>>): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  for (let left = TRIES - 1; ; left--) {
    try {
      const response = await ask(port, url, { method: "POST", headers, body: JSON.stringify(body) });
      return await response.json().catch(() => undefined);
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

async function ask(port: string, url: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...request, redirect: "error", signal: AbortSignal.timeout(TIMEOUT) });
  } catch {
    throw new AlarmNotSentError(port, "it could not be reached"); // the cause may hold the address
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new AlarmNotSentError(port, `it answered ${response.status}`);
  }
  return response;
}
