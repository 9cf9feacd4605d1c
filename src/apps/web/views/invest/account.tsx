// Turns a connected account into its position, its requests and the forms by which it comes and goes.
import { type ReactElement, useState } from "react";
import type { Address } from "viem";

import type { Sender } from "../../../../execute/send.ts";
import type { Site } from "../../data/api.ts";
import { formatTime } from "../../format.ts";
import { Card, Loading, Notice } from "../../ui/parts.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useAtWallet } from "../../wallet/at-wallet.ts";
import { wordsOfRefusal } from "../../wallet/words.ts";
import { DepositForm } from "./deposit-form.tsx";
import type { Desk } from "./desk.ts";
import { InKindForm } from "./in-kind-form.tsx";
import { Position } from "./position.tsx";
import { RedeemForm } from "./redeem-form.tsx";
import { Requests } from "./requests.tsx";

type Props = { readonly site: Site; readonly owner: Address; readonly sender: Sender };

/** Everything about one account, read through its wallet. */
export function Account({ site, owner, sender }: Props): ReactElement {
  const { data, error } = useAtWallet(sender, site, owner);
  if (data === undefined) {
    if (error === null) return <Loading what="your account" />;
    return (
      <Notice mood="bad">Your account could not be read through your wallet. {wordsOfRefusal(error, site.coin)}</Notice>
    );
  }
  const desk: Desk = { site, owner, sender, at: data };
  return (
    <>
      {error === null ? null : (
        <Notice mood="bad">
          Your wallet does not answer any more: what you see is of {formatTime(data.account.time)}.{" "}
          {wordsOfRefusal(error, site.coin)}
        </Notice>
      )}
      <Position desk={desk} />
      <Requests desk={desk} />
      <Forms desk={desk} />
    </>
  );
}

function Forms({ desk }: { readonly desk: Desk }): ReactElement {
  const [tab, setTab] = useState("deposit");
  return (
    <Card title="Come or go" note="you see every cost before you sign">
      <Tabs
        label="What to do"
        current={tab}
        onChange={setTab}
        tabs={[
          { key: "deposit", name: "Deposit", panel: () => <DepositForm desk={desk} /> },
          { key: "redeem", name: "Redeem", panel: () => <RedeemForm desk={desk} /> },
          { key: "in-kind", name: "Leave in kind", panel: () => <InKindForm desk={desk} /> },
        ]}
      />
    </Card>
  );
}
