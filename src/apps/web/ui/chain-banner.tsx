// Turns a silent server into words and a way around it: the visitor's own node, or the wallet.
import { type ReactElement, type SyntheticEvent, useId, useState } from "react";

import { chooseAccess, useAccess } from "../data/access.ts";
import { type Silence, useSilence } from "../data/api.ts";
import { nameOf, rpcUrl } from "../data/way.ts";
import { useSite } from "../data/queries.ts";
import { wordsOfError } from "../errors.ts";
import { formatTime } from "../format.ts";

/** Nothing while the server answers. */
export function ChainBanner(): ReactElement | null {
  const silence = useSilence();
  const access = useAccess();
  const site = useSite();
  if (silence === undefined) return null;
  return (
    <div className="banner" role="status">
      <div>
        <p>
          <strong>This page&apos;s server does not answer.</strong>{" "}
          {access === undefined
            ? "Your money is on chain and does not need it. Name a node, or connect a wallet under Invest, and the page shows what the chain alone can tell."
            : `You see what the chain alone can tell, read through ${nameOf(access)}. Grades, gauges and research are missing.`}
        </p>
        <Kept silence={silence} />
        {site === undefined ? (
          <p>This browser has not seen the fund before, so that its addresses are unknown here.</p>
        ) : (
          <RpcForm />
        )}
      </div>
    </div>
  );
}

/** Of which moment that is what no node can renew. */
function Kept({ silence: { answeredAt } }: { readonly silence: Silence }): ReactElement | null {
  if (answeredAt === undefined) return null;
  return (
    <p>
      What the server told before stays in sight and is of {formatTime(Math.floor(answeredAt / 1000))} at the latest.
    </p>
  );
}

/** Takes the address of a node. */
export function RpcForm({ onChosen }: { readonly onChosen?: () => void }): ReactElement {
  const access = useAccess();
  const id = useId();
  const [text, setText] = useState(access?.kind === "rpc" ? access.url : "");
  const [fault, setFault] = useState<string>();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    try {
      chooseAccess({ kind: "rpc", url: rpcUrl(text) });
      setFault(undefined);
      onChosen?.();
    } catch (error) {
      setFault(wordsOfError(error));
    }
  };
  return (
    <form className="row grow" onSubmit={submit}>
      <div className="field">
        <label htmlFor={id}>Address of a node that you trust</label>
        <input
          id={id}
          className="input"
          value={text}
          placeholder="https://… or http://127.0.0.1:8545"
          aria-invalid={fault !== undefined}
          onChange={({ target }) => {
            setText(target.value);
          }}
        />
        {fault === undefined ? null : <span className="fall small">{fault}</span>}
      </div>
      <button type="submit" className="button">
        Use it
      </button>
    </form>
  );
}
