// Turns an account's history into what it paid, what it has, and what it gained, with a file for its tax return.
import type { ReactElement } from "react";

import { navPerShare } from "../../../../execute/read-account.ts";
import { decimalString, WAD } from "../../../../core/units.ts";
import { type Answer, fileAddress } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { capitalized, floatOf, formatAmount, formatTime, formatUsd } from "../../format.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Card, Change, Stat, TransactionLink } from "../../ui/parts.tsx";
import { type Desk, shown, shownUsd } from "./desk.ts";

type Account = Answer<"account">;

/** What is in the account by its own wallet; what it paid and did by the server's index. */
export function Position({ desk }: { readonly desk: Desk }): ReactElement {
  const { site, owner, at } = desk;
  const { told } = useAnswer("account", { address: owner });
  const { account } = at;
  const price = navPerShare(account);
  return (
    <>
      <Stat
        className="span-4"
        label="Your shares"
        value={
          <span data-fact="shares" data-value={decimalString(account.shares, 18)}>
            {shown(account.shares, site.share)}
          </span>
        }
        note={`worth ${shownUsd((account.shares * price) / WAD)} at ${formatAmount(decimalString(price, 18))} USD`}
      />
      <Stat
        className="span-4"
        label={`Your ${site.coin.symbol}`}
        value={<span data-fact="coins">{shown(account.coins, site.coin)}</span>}
        note={`${formatAmount(decimalString(at.ether, 18))} ETH for gas`}
      />
      <Gain told={told?.answer} />
      {told === undefined ? null : <History account={told.answer} />}
    </>
  );
}

function Gain({ told }: { readonly told: Account | undefined }): ReactElement {
  if (told === undefined)
    return <Stat className="span-4" label="Paid and gained" value="–" note="known to this page's server alone" />;
  const { paid, received, gain, otherWays } = told.position;
  const note = `paid ${formatAmount(paid)}, received ${formatAmount(received)} ${told.coin}`;
  if (gain === null) {
    return (
      <Stat
        className="span-4"
        label="Gain"
        value="–"
        note={`${note}; ${otherWays ? "shares went another way too, which has no price here" : "not known until the deposit coin has a fresh price and its last strike was read"}`}
      />
    );
  }
  return (
    <Stat
      className="span-4"
      label="Gain"
      value={<Change share={floatOf(gain)}>{formatUsd(gain)}</Change>}
      note={note}
    />
  );
}

function History({ account }: { readonly account: Account }): ReactElement | null {
  const { history } = account;
  if (history.length === 0) return null;
  const newest = [...history].reverse();
  return (
    <Card
      title="Your history"
      note={
        <a href={fileAddress("account", { address: account.account.address })} download>
          Tax CSV
        </a>
      }
    >
      <DataTable
        label="Your history"
        caption="What the account did"
        columns={["Time", { left: "What" }, account.coin, "Shares", "Transaction"]}
        className="history"
      >
        {newest.map((event, place) => (
          <tr key={`${event.transaction} ${String(newest.length - place)}`}>
            <td>{formatTime(event.time).replace(" UTC", "")}</td>
            <td className="left wrap">{capitalized(event.words)}</td>
            <td>{event.coins === null ? "" : formatAmount(event.coins)}</td>
            <td>{event.shares === null ? "" : formatAmount(event.shares)}</td>
            <td>
              <TransactionLink hash={event.transaction} />
            </td>
          </tr>
        ))}
      </DataTable>
    </Card>
  );
}
