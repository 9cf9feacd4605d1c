// Turns facts into the small parts that all views are made of.
import type { ReactElement, ReactNode } from "react";

import { type ExplorerKind, explorerLink } from "../../../core/explorer.ts";
import { useSite } from "../data/queries.ts";
import { wordsOfError } from "../errors.ts";
import { capitalized, shortHex } from "../format.ts";
import { hrefOf } from "../route.ts";

/** A view's title with a sentence under it, and what stands beside it. */
export function ViewHead(props: {
  readonly title: string;
  readonly about: ReactNode;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <div className="page-head">
      <div>
        <h1>{props.title}</h1>
        <p>{props.about}</p>
      </div>
      {props.children}
    </div>
  );
}

/** A box with a title. */
export function Card(props: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <section className={`card ${props.className ?? ""}`} aria-label={props.title}>
      <div className="card-head">
        <h2>{props.title}</h2>
        {props.note === undefined ? null : <div className="card-note small">{props.note}</div>}
      </div>
      {props.children}
    </section>
  );
}

/** One large figure with its name above and a note below. */
export function Stat(props: {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly className?: string;
}): ReactElement {
  return (
    <div className={`card stat ${props.className ?? ""}`}>
      <div className="label">{props.label}</div>
      <div className="figure">{props.value}</div>
      {props.note === undefined ? null : <div className="small muted">{props.note}</div>}
    </div>
  );
}

/** Names and values, one pair a line. */
export function Facts({
  of,
  isWide = false,
}: {
  readonly of: readonly Fact[];
  readonly isWide?: boolean;
}): ReactElement {
  return (
    <dl className={isWide ? "facts wide" : "facts"}>
      {of.map(([name, value]) => (
        <FactRow key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

export type Fact = readonly [string, ReactNode];

function FactRow({ name, value }: { readonly name: string; readonly value: ReactNode }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** The regime as a word on its color. */
export function RegimePill({ regime }: { readonly regime: string }): ReactElement {
  return <span className={`pill ${regime === "bull" ? "bull" : "bear"}`}>{capitalized(regime)}</span>;
}

/** How much of a limit is used, as a bar and in words for those who do not see it. */
export function Meter(props: { readonly label: string; readonly part: number; readonly words: string }): ReactElement {
  const part = Math.max(0, Math.min(1, props.part));
  return (
    <svg
      className="meter"
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${props.label}: ${props.words}`}
    >
      <rect className="track" width="100" height="8" rx="2" />
      <rect className={part > 0.8 ? "fill warn" : "fill"} width={part * 100} height="8" rx="2" />
    </svg>
  );
}

/** An address, as a link to the chain's explorer where there is one. */
export function Address({ of, isWhole = false }: { readonly of: string; readonly isWhole?: boolean }): ReactElement {
  const link = useExplorerLink("address", of);
  const text = isWhole ? of : shortHex(of);
  if (link === undefined) return <code title={of}>{text}</code>;
  return (
    <Outside href={link} title={of}>
      <code>{text}</code>
    </Outside>
  );
}

/** A transaction: on the chain's explorer, or in this page's own view of it on a local chain. */
export function TransactionLink({ hash }: { readonly hash: string }): ReactElement {
  const link = useExplorerLink("transaction", hash);
  if (link !== undefined) {
    return (
      <Outside href={link} title={hash}>
        <code>{shortHex(hash)}</code>
      </Outside>
    );
  }
  return (
    <a href={hrefOf("transactions", { tx: hash })} title={hash}>
      <code>{shortHex(hash)}</code>
    </a>
  );
}

/** A link to another site, in a tab of its own that knows nothing of this page. */
export function Outside(props: {
  readonly href: string;
  readonly title?: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <a href={props.href} title={props.title} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  );
}

/** Where the chain's explorer shows it; undefined where there is no explorer. */
function useExplorerLink(kind: ExplorerKind, value: string): string | undefined {
  const site = useSite();
  return site === undefined ? undefined : explorerLink(site.chainId, kind, value);
}

/** The place of a view that is on its way. */
export function Loading({ what }: { readonly what: string }): ReactElement {
  return (
    <div role="status">
      <span className="hidden-text">Loading {what}</span>
      <div className="skeleton" />
    </div>
  );
}

/** What went wrong, announced. */
export function Failure({ error, what }: { readonly error: unknown; readonly what: string }): ReactElement {
  return (
    <div className="notice bad" role="alert">
      <strong>{what}</strong>
      <p>{wordsOfError(error)}</p>
    </div>
  );
}

/** A notice of one of the moods. */
export function Notice(props: { readonly mood?: "bad" | "warn" | "good"; readonly children: ReactNode }): ReactElement {
  return (
    <div className={`notice ${props.mood ?? ""}`} role={props.mood === "bad" ? "alert" : "status"}>
      {props.children}
    </div>
  );
}

/** A change, colored by its sign; the sign itself says the same. */
export function Change({ share, children }: { readonly share: number; readonly children: ReactNode }): ReactElement {
  return <span className={share > 0 ? "gain" : share < 0 ? "fall" : ""}>{children}</span>;
}
