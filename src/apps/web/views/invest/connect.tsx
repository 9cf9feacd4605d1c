// Turns the wallets that announce themselves into buttons, and a connected one into who it is and on which network.
import { type ReactElement, useEffect } from "react";
import { type Connector, useConnect, useConnectors, useDisconnect, useReconnect, useSwitchChain } from "wagmi";

import type { Site } from "../../data/api.ts";
import { Address, Card, Notice } from "../../ui/parts.tsx";
import type { WalletState } from "../../wallet/use-wallet.ts";
import { wordsOfRefusal } from "../../wallet/words.ts";

type Props = { readonly site: Site; readonly wallet: WalletState };

/** The wallet's card. */
export function Connect({ site, wallet }: Props): ReactElement {
  if (wallet.kind === "none") return <Choose site={site} />;
  return (
    <Card title="Your wallet" note={site.chain}>
      <div className="row row-between">
        <span>
          {wallet.name}, <Address of={wallet.address} />
        </span>
        <Disconnect />
      </div>
      {wallet.kind === "wrong-network" ? <WrongNetwork site={site} chainId={wallet.chainId} /> : null}
    </Card>
  );
}

function Choose({ site }: { readonly site: Site }): ReactElement {
  const connectors = useShownConnectors();
  const { mutate: connect, error, isPending } = useConnect();
  useSecondReconnect();
  return (
    <Card title="Connect a wallet" note="it only sees your address until you sign something">
      {connectors.length === 0 ? (
        <Notice>
          No wallet announces itself in this browser. Install one that follows EIP-6963, or use{" "}
          <code>tm100 deposit</code> from a terminal.
        </Notice>
      ) : (
        <ul className="row">
          {connectors.map((connector) => (
            <li key={connector.uid}>
              <button
                type="button"
                className="button"
                disabled={isPending}
                onClick={() => {
                  connect({ connector });
                }}
              >
                Connect {connector.name}
              </button>
            </li>
          ))}
        </ul>
      )}
      {error === null ? null : <Notice mood="bad">{wordsOfRefusal(error, site.coin)}</Notice>}
    </Card>
  );
}

/** {ms} */
const SECOND_TRY = 800;

/** A wallet that was slow to answer when the page was loaded is asked once more; one that was disconnected is not. */
function useSecondReconnect(): void {
  const { mutate: reconnect } = useReconnect();
  useEffect(() => {
    const timer = setTimeout(reconnect, SECOND_TRY);
    return () => {
      clearTimeout(timer);
    };
  }, [reconnect]);
}

/** The browser's nameless wallet is offered only where none has a name. */
function useShownConnectors(): readonly Connector[] {
  const connectors = useConnectors();
  const announced = connectors.filter(({ id }) => id !== "injected");
  if (announced.length > 0) return announced;
  return "ethereum" in window ? connectors : [];
}

function Disconnect(): ReactElement {
  const { mutate: disconnect } = useDisconnect();
  return (
    <button
      type="button"
      className="button quiet"
      onClick={() => {
        disconnect();
      }}
    >
      Disconnect
    </button>
  );
}

function WrongNetwork({ site, chainId }: { readonly site: Site; readonly chainId: number | undefined }): ReactElement {
  const { mutate: switchChain, error, isPending } = useSwitchChain();
  return (
    <Notice mood="warn">
      <p>
        <strong>Your wallet is on another network.</strong> The fund is on {site.chain} (chain {site.chainId}); your
        wallet is on chain {chainId ?? "unknown"}. Nothing can be sent from there.
      </p>
      <button
        type="button"
        className="button"
        disabled={isPending}
        onClick={() => {
          switchChain({ chainId: site.chainId });
        }}
      >
        Switch to {site.chain}
      </button>
      {error === null ? null : <p>{wordsOfRefusal(error, site.coin)}</p>}
    </Notice>
  );
}
