// Turns one transaction into what it did, in words and line by line, where no explorer of the chain does so.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { capitalized, formatNumber, formatTime } from "../../format.ts";
import { hrefOf } from "../../route.ts";
import { Address, Card, Facts, Failure, Loading } from "../../ui/parts.tsx";

type Transaction = Answer<"transaction">;

/** The transaction, with a way back. */
export function TransactionPanel({ hash }: { readonly hash: string }): ReactElement {
  const { told, error } = useAnswer("transaction", { hash });
  return (
    <div className="stack">
      <p>
        <a className="button" href={hrefOf("transactions")}>
          Back to all legs
        </a>
      </p>
      {told === undefined && error === null ? <Loading what="the transaction" /> : null}
      {error === null ? null : <Failure error={error} what="The transaction could not be read." />}
      {told === undefined ? null : <Shown transaction={told.answer} />}
    </div>
  );
}

function Shown({ transaction }: { readonly transaction: Transaction }): ReactElement {
  const { hash, block, time, from, to, status, gas, gasPriceGwei, gasEther, lines, words } = transaction;
  return (
    <>
      <Card title="Transaction" note={status === "success" ? "succeeded" : "reverted"}>
        <Facts
          isWide
          of={[
            ["Hash", <code key="hash">{hash}</code>],
            ["Block", `${formatNumber(block, 0)}, ${formatTime(time)}`],
            ["From", <Address key="from" of={from} isWhole />],
            ["To", to === null ? "a new contract" : <Address key="to" of={to} isWhole />],
            ["Gas", `${formatNumber(gas, 0)} at ${gasPriceGwei} gwei: ${gasEther} ETH`],
          ]}
        />
      </Card>
      <Card title="What happened" note={`${formatNumber(lines.length, 0)} lines of the ledger`}>
        <ol className="lines">
          {lines.map((line, place) => (
            <li key={line.sequence}>
              <details>
                <summary>
                  <span className="muted">{line.sequence}</span> {capitalized(words[place] ?? line.event)}
                </summary>
                <Facts isWide of={factsOf(line)} />
              </details>
            </li>
          ))}
        </ol>
      </Card>
    </>
  );
}

function factsOf(line: Transaction["lines"][number]): readonly (readonly [string, string])[] {
  const args = Object.entries(line.args).map(([name, value]) => [name, textOf(value)] as const);
  return [["event", line.event], ...args, ["head", line.head]];
}

function textOf(value: Transaction["lines"][number]["args"][string]): string {
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}
