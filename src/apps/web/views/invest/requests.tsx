// Turns what an account waits for into its steps from the request to the claim, with the buttons for each.
import type { ReactElement } from "react";

import { cancelRequest, claimDeposit, claimInKind, claimRedemption } from "../../../../execute/depositor.ts";
import type { OpenRequest } from "../../../../execute/read-requests.ts";
import type { RequestStatus } from "../../../../execute/read-status.ts";
import { cutoffAfter } from "../../../../site/money.ts";
import { formatSpan, formatTime } from "../../format.ts";
import { Card } from "../../ui/parts.tsx";
import { type Action, useAct } from "../../wallet/act.ts";
import { type Desk, gasWords, shown } from "./desk.ts";
import { ProgressWords } from "./form-parts.tsx";

/** {gas} As measured, with some room: a claim or a cancellation. See docs/gas.md. */
const CLAIM_GAS = 100_000n;

/** Nothing where nothing waits and nothing was just done. */
export function Requests({ desk }: { readonly desk: Desk }): ReactElement | null {
  const { requests, claimable, leftovers } = desk.at;
  const { progress, run } = useAct(desk.site.coin);
  const isEmpty =
    requests.length === 0 && leftovers.length === 0 && claimable.depositAssets + claimable.redeemShares === 0n;
  if (isEmpty && progress.kind === "idle") return null;
  return (
    <Card title="Your requests" note="from the request to the claim">
      <ul className="requests">
        {requests
          .filter(({ pending }) => pending > 0n)
          .map((request) => (
            <Waiting key={`${request.kind} ${request.id}`} desk={desk} request={request} run={run} />
          ))}
        {claimable.depositShares > 0n ? (
          <Claim
            words={`${shown(claimable.depositShares, desk.site.share)} for ${shown(claimable.depositAssets, desk.site.coin)}`}
            label="Claim the shares"
            onPress={() => {
              run(sharesAction(desk));
            }}
          />
        ) : null}
        {claimable.redeemAssets > 0n ? (
          <Claim
            words={`${shown(claimable.redeemAssets, desk.site.coin)} for ${shown(claimable.redeemShares, desk.site.share)}`}
            label="Claim the money"
            onPress={() => {
              run(moneyAction(desk));
            }}
          />
        ) : null}
        {leftovers.map(({ asset, amount }) => (
          <Claim
            key={asset.index}
            words={`${shown(amount, asset)} of an exit in kind`}
            label={`Claim ${asset.symbol}`}
            onPress={() => {
              run(leftoverAction(desk, asset.index));
            }}
          />
        ))}
      </ul>
      {isEmpty ? null : (
        <p className="muted small">To claim or to take back is one transaction of about {gasWords(desk, CLAIM_GAS)}.</p>
      )}
      <ProgressWords progress={progress} />
    </Card>
  );
}

function Waiting(props: {
  readonly desk: Desk;
  readonly request: RequestStatus;
  readonly run: (action: Action) => void;
}): ReactElement {
  const { desk, request, run } = props;
  const { kind, id, pending, requestedAt } = request;
  const cutoff = cutoffAfter(requestedAt);
  const isClosed = desk.at.account.time >= cutoff;
  const open = desk.at.open.find((each) => each.kind === kind && each.id === id);
  const money = kind === "deposit" ? desk.site.coin : desk.site.share;
  const at = kind === "deposit" ? "start" : "finish";
  return (
    <li>
      <div className="row row-between">
        <span>
          <strong>{kind === "deposit" ? "Deposit" : "Redemption"}</strong> of {shown(pending, money)}, request{" "}
          {String(id)}
        </span>
        <button
          type="button"
          className="button"
          disabled={open === undefined}
          onClick={() => {
            if (open !== undefined) run(cancelAction(desk, open));
          }}
        >
          Take it back
        </button>
      </div>
      <ol className="steps small">
        <li className="done">Requested {formatTime(requestedAt)}</li>
        <li className={isClosed ? "done" : "next"}>
          {isClosed
            ? "Its week has ended: it can no longer be taken back"
            : `Can be taken back until ${formatTime(cutoff)}, ${formatSpan(cutoff - desk.at.account.time)} left`}
        </li>
        <li className={isClosed ? "next" : ""}>Priced at the {at} of the next rebalance</li>
        <li>Yours to claim</li>
      </ol>
    </li>
  );
}

function Claim(props: { readonly words: string; readonly label: string; readonly onPress: () => void }): ReactElement {
  return (
    <li className="row row-between">
      <span>
        <span className="pill bull">To claim</span> {props.words}
      </span>
      <button type="button" className="button primary" onClick={props.onPress}>
        {props.label}
      </button>
    </li>
  );
}

function cancelAction({ sender, at, site }: Desk, open: OpenRequest): Action {
  return async (onStep) => {
    onStep("Confirm in your wallet");
    const receipt = await cancelRequest({ ...sender, deployment: at.fund.deployment }, open);
    const money = open.kind === "deposit" ? site.coin : site.share;
    return { words: `You took ${shown(open.amount, money)} back.`, transaction: receipt.transactionHash };
  };
}

function sharesAction({ sender, at, site }: Desk): Action {
  return async (onStep) => {
    onStep("Confirm the claim in your wallet");
    const receipt = await claimDeposit({ ...sender, deployment: at.fund.deployment });
    return outcome(`You have ${shown(at.claimable.depositShares, site.share)} more.`, receipt);
  };
}

function moneyAction({ sender, at, site }: Desk): Action {
  return async (onStep) => {
    onStep("Confirm the claim in your wallet");
    const receipt = await claimRedemption({ ...sender, deployment: at.fund.deployment });
    return outcome(`You have ${shown(at.claimable.redeemAssets, site.coin)} more.`, receipt);
  };
}

function leftoverAction({ sender, at }: Desk, asset: number): Action {
  return async (onStep) => {
    onStep("Confirm the claim in your wallet");
    return outcome(
      "The token moved to your account.",
      await claimInKind({ ...sender, deployment: at.fund.deployment }, asset),
    );
  };
}

function outcome(words: string, receipt: { readonly transactionHash: string } | undefined) {
  return receipt === undefined
    ? { words: "There was nothing left to claim." }
    : { words, transaction: receipt.transactionHash };
}
