// Turns what a keeper sees and did into lines for a person.
import type { Cycle, View } from "../../keeper/keeper.ts";
import type { LastSent, SentTransaction } from "../../keeper/sent.ts";
import type { Lease } from "../../keeper/store/store.ts";
import { linkLines, linkText } from "./links.ts";

/** What is due, what is next, and where the fund stands. */
export function viewText({ now, chain, pause, due, next, nextRound, notes }: View, chainId: number): string {
  const { block, regime, running, pending } = chain;
  const open =
    running === undefined ? "nothing under way" : `rebalance ${running.id} under way at leg ${running.position}`;
  const waiting = pending === undefined ? "nothing pending" : `target ${pending.id} pending`;
  return [
    `${moment(now)}, block ${block}: ${regime}, ${open}, ${waiting}.`,
    ...linkLines(chainId, "block", block),
    ...(pause === undefined ? [] : [`Paused since ${moment(pause.since / 1000)}: ${pause.reason}.`]),
    ...(due.length === 0 ? ["Nothing is due."] : due.map(({ task, why }) => `due   ${task}: ${why}`)),
    ...(next === undefined ? [] : [`next  ${moment(next.at)}: ${next.why}`]),
    ...(nextRound === undefined
      ? []
      : [`round ${moment(nextRound)}: the rebalance goes on with what its pools did not take`]),
    ...notes.map(({ text }) => `note  ${text}`),
  ].join("\n");
}

/** What was done, a line each, and under it its transactions. */
export function deedsText({ deeds }: Cycle, chainId: number): string {
  return deeds
    .flatMap(({ due, outcome, failure, sent }) => {
      const facts = Object.entries(outcome ?? {}).map(([name, value]) => `${name} ${String(value)}`);
      const done =
        failure === undefined ? `done  ${due.task}: ${facts.join(", ")}` : `not   ${due.task}: ${failure.message}`;
      return [done, ...sent.map((transaction) => `sent  ${sentText(transaction, chainId)}`)];
    })
    .join("\n");
}

/** The last transaction of which a journal tells. */
export function lastSentText(last: LastSent | undefined, chainId: number): string {
  if (last === undefined) return "Nothing was sent yet, as far as the journal says.";
  return `sent  ${moment(last.at / 1000)}: ${last.task}, ${sentText(last, chainId)}`;
}

function sentText({ hash, block }: SentTransaction, chainId: number): string {
  return `${hash} (block ${block}${linkText(chainId, "transaction", hash)})`;
}

/** Who acts. @param now {ms} */
export function leaseText(lease: Lease | undefined, now: number): string {
  if (lease === undefined) return "No keeper has acted yet.";
  const { holder, token, until } = lease;
  return until > now ? `Acting: ${holder} (token ${token}).` : `No keeper acts; ${holder} did last (token ${token}).`;
}

function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}
