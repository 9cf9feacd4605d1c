// Turns what a keeper sees and did into plain JSON for people and programs.
import type { Json } from "../../core/canonical-json.ts";
import { explorerLink } from "../../core/explorer.ts";
import type { Deed, View } from "../keeper.ts";
import type { LastSent, SentTransaction } from "../sent.ts";
import type { Lease } from "../store/store.ts";

/** A JSON document whose fields are not looked at by type. */
type Fields<Name extends string> = { readonly [name in Name]: Json };

/** What is due, what is next, and where the fund stands; times as ISO texts. */
export type ViewDocument = Fields<
  "time" | "block" | "regime" | "lastTarget" | "pending" | "running" | "nextRound" | "paused" | "due" | "next" | "notes"
>;
/** One thing that was done or tried. */
export type DeedDocument = Fields<"kind" | "task" | "why" | "outcome" | "failure" | "transactions">;
/** A transaction, what it was for, and where an explorer shows it. */
export type LastSentDocument = Fields<"task" | "time" | "hash" | "block"> & { readonly link?: string };
/** Who acts, and until when. */
export type LeaseDocument = Fields<"holder" | "token" | "until">;

/** What is due, what is next, and where the fund stands. */
export function viewJson({ now, chain, pause, due, next, nextRound, notes }: View): ViewDocument {
  const { block, regime, lastId, pending, running } = chain;
  return {
    time: moment(now),
    block: Number(block),
    regime,
    lastTarget: lastId,
    pending: pending === undefined ? null : { ...pending, executableAt: moment(pending.executableAt) },
    running: running === undefined ? null : { ...running, deadline: moment(running.deadline) },
    nextRound: nextRound === undefined ? null : moment(nextRound),
    paused: pause === undefined ? null : { since: moment(pause.since / 1000), reason: pause.reason },
    due: due.map(({ kind, task, why }) => ({ kind, task, why })),
    next: next === undefined ? null : { at: moment(next.at), why: next.why },
    notes: notes.map(({ text }) => text),
  };
}

/** One thing that was done or tried, with its transactions. */
export function deedJson({ due, outcome, failure, sent }: Deed, chainId: number): DeedDocument {
  return {
    kind: due.kind,
    task: due.task,
    why: due.why,
    outcome: outcome ?? null,
    failure: failure === undefined ? null : { code: failure.code, message: failure.message },
    transactions: sent.map((transaction) => sentJson(transaction, chainId)),
  };
}

/** The last transaction of which a journal tells; with `link` on a chain with an explorer. */
export function lastSentJson({ task, at, ...sent }: LastSent, chainId: number): LastSentDocument {
  return { task, time: moment(at / 1000), ...sentJson(sent, chainId) };
}

function sentJson(sent: SentTransaction, chainId: number): SentTransaction & { readonly link?: string } {
  const link = explorerLink(chainId, "transaction", sent.hash);
  return link === undefined ? sent : { ...sent, link };
}

/** Who acts. */
export function leaseJson(lease: Lease | undefined): LeaseDocument | null {
  return lease === undefined ? null : { holder: lease.holder, token: lease.token, until: moment(lease.until / 1000) };
}

function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
