// Turns the fund's conditions and the visitor's wallet into the view in which people come and go.
import { type ReactElement, useMemo } from "react";
import { WagmiProvider } from "wagmi";

import type { Site } from "../../data/api.ts";
import { useAnswer, useSite } from "../../data/queries.ts";
import { walletConfig } from "../../wallet/config.ts";
import { useWallet } from "../../wallet/use-wallet.ts";
import { Failure, Loading, ViewHead } from "../../ui/parts.tsx";
import { Account } from "./account.tsx";
import { Conditions } from "./conditions.tsx";
import { Connect } from "./connect.tsx";
import { Risks } from "./risks.tsx";

/** The view "invest". */
export function Invest(): ReactElement {
  const site = useSite();
  return (
    <>
      <ViewHead
        title="Invest"
        about="You give the deposit coin and get shares; you leave in the coin at the next strike, or in kind at any moment, whatever the operator does."
      />
      {site === undefined ? <Loading what="the fund's addresses" /> : <WithWallet key={site.chainId} site={site} />}
    </>
  );
}

function WithWallet({ site }: { readonly site: Site }): ReactElement {
  const { chainId, chain, rpc } = site;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- a new `site` with the same content keeps the wallet connected
  const config = useMemo(() => walletConfig(site), [chainId, chain, rpc]);
  return (
    <WagmiProvider config={config}>
      <Panels site={site} />
    </WagmiProvider>
  );
}

function Panels({ site }: { readonly site: Site }): ReactElement {
  const wallet = useWallet(site);
  const { told, error } = useAnswer("invest");
  return (
    <div className="grid">
      <Connect site={site} wallet={wallet} />
      {wallet.kind === "ready" ? <Account site={site} owner={wallet.address} sender={wallet.sender} /> : null}
      {told === undefined ? null : <Conditions answer={told.answer} />}
      {told === undefined && error !== null && wallet.kind !== "ready" ? (
        <Failure error={error} what="The conditions could not be read. Connect a wallet to read them from the chain." />
      ) : null}
      <Risks />
    </div>
  );
}
