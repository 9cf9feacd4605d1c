// Turns the fund's whole record into lists of legs, rebalances and decisions, and into a proof.
import type { ReactElement } from "react";

import { hrefOf, useRoute } from "../../route.ts";
import { ViewHead } from "../../ui/parts.tsx";
import { type Tab, Tabs } from "../../ui/tabs.tsx";
import { Decisions } from "./decisions.tsx";
import { Legs } from "./legs.tsx";
import { ProofPanel } from "./proof-panel.tsx";
import { Rebalances } from "./rebalances.tsx";
import { TransactionPanel } from "./transaction-panel.tsx";

const TABS: readonly Tab[] = [
  { key: "legs", name: "Legs", panel: () => <Legs /> },
  { key: "rebalances", name: "Rebalances", panel: () => <Rebalances /> },
  { key: "decisions", name: "Decisions", panel: () => <Decisions /> },
  { key: "proof", name: "Prove it", panel: () => <ProofPanel /> },
];

/** The view "transactions". */
export function Transactions(): ReactElement {
  const { parameters } = useRoute();
  const transaction = parameters.get("tx");
  return (
    <>
      <ViewHead
        title="Transactions"
        about="Every trade of the fund, with what the oracle said it should bring. Each line is an event of the vault, and a hash over all lines stands on chain: nothing can be missing, altered or moved."
      />
      {transaction === null ? (
        <Tabs
          label="Record of the fund"
          tabs={TABS}
          current={parameters.get("tab") ?? "legs"}
          onChange={(tab) => {
            window.location.hash = hrefOf("transactions", { tab });
          }}
        />
      ) : (
        <TransactionPanel hash={transaction} />
      )}
    </>
  );
}
