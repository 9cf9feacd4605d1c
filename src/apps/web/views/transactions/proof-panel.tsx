// Turns the visitor's own node and this browser into a proof of the whole record.
import { type ReactElement, useState } from "react";

import { useAccess } from "../../data/access.ts";
import { nameOf } from "../../data/way.ts";
import type { Site } from "../../data/api.ts";
import { useSite } from "../../data/queries.ts";
import { wordsOfError } from "../../errors.ts";
import { formatNumber } from "../../format.ts";
import type { Proof } from "../../proof/prove.ts";
import { RpcForm } from "../../ui/chain-banner.tsx";
import { Card, Facts, Notice } from "../../ui/parts.tsx";

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "working"; readonly step: string }
  | { readonly kind: "proven"; readonly proof: Proof }
  | { readonly kind: "broken"; readonly words: string };

/** What is proven and how, the node to ask, and the result. */
export function ProofPanel(): ReactElement {
  const site = useSite();
  const access = useAccess();
  const [state, setState] = useState<State>({ kind: "idle" });
  const start = async (): Promise<void> => {
    if (site === undefined || access === undefined) return;
    const onStep = (step: string): void => {
      setState({ kind: "working", step });
    };
    onStep("Loading what recomputes the record");
    try {
      const { proveThrough } = await import("../../proof/prove-through.ts");
      setState({ kind: "proven", proof: await proveThrough(access, site, onStep) });
    } catch (error) {
      setState({ kind: "broken", words: wordsOfError(error) });
    }
  };
  return (
    <Card title="Prove the record" className="proof">
      <Explanation site={site} />
      <RpcForm />
      <div className="row">
        <button
          type="button"
          className="button primary"
          disabled={access === undefined || site === undefined || state.kind === "working"}
          onClick={() => {
            void start();
          }}
        >
          Prove it
        </button>
        <span className="muted small">
          {access === undefined
            ? "Name a node first, or connect a wallet under Invest."
            : `Reads through ${nameOf(access)}.`}
        </span>
      </div>
      <div aria-live="polite">
        <Result state={state} />
      </div>
    </Card>
  );
}

function Explanation({ site }: { readonly site: Site | undefined }): ReactElement {
  return (
    <>
      <p>
        Your browser reads the vault&apos;s log and its books from a node of your choice, not from this server. It
        recomputes the hash of every line, compares the last one with the head that the vault keeps on chain, rebuilds
        holdings, supply and money set aside from the lines, compares them to the last unit, and then checks every line
        that this server showed you.
      </p>
      {site === undefined || site.rpc === null ? null : (
        <p className="muted small">
          This is a local chain; its node is at <code>{site.rpc}</code>.
        </p>
      )}
    </>
  );
}

function Result({ state }: { readonly state: State }): ReactElement | null {
  switch (state.kind) {
    case "idle":
      return null;
    case "working":
      return <p className="muted">{state.step}…</p>;
    case "broken":
      return (
        <Notice mood="bad">
          <strong>Not proven.</strong> {state.words}
        </Notice>
      );
    case "proven":
      return <Proven proof={state.proof} />;
  }
}

function Proven({ proof }: { readonly proof: Proof }): ReactElement {
  const site = useSite();
  const { lines, head, holdings, block, compared } = proof;
  return (
    <Notice mood="good">
      <p>
        <strong>Proven.</strong> All {formatNumber(lines, 0)} lines are there, unchanged and in their order.
      </p>
      <Facts
        isWide
        of={[
          [
            "Vault",
            site === undefined ? "–" : `${site.addresses.vault}, chain ${site.chainId}: is it the one you deal with?`,
          ],
          ["Head on chain", <code key="head">{head}</code>],
          ["Read at block", formatNumber(block, 0)],
          [
            "Rebuilt",
            `${formatNumber(holdings, 0)} holdings, supply, pending deposits and money set aside equal the vault's`,
          ],
          [
            "This server",
            compared === 0 ? "showed nothing to compare" : `${formatNumber(compared, 0)} lines compared, all the same`,
          ],
        ]}
      />
    </Notice>
  );
}
