// Turns the fund's contracts into how far their code is verified, by this page's server and by others.
import type { ReactElement } from "react";

import { assertNever } from "../../../../core/errors.ts";
import type { Answer } from "../../data/api.ts";
import { capitalized, formatDate } from "../../format.ts";
import { Address, Notice, Outside } from "../../ui/parts.tsx";

type Contract = Answer<"rules">["contracts"][number];
type Sources = Answer<"rules">["sources"];
type Said = Contract["answers"][number];

/** Every contract, and what was said of it. */
export function Contracts({
  contracts,
  sources,
}: {
  readonly contracts: readonly Contract[];
  readonly sources: Sources;
}): ReactElement {
  const isComparing = contracts.some(({ code }) => code !== "unknown");
  return (
    <>
      {isComparing ? (
        <p className="muted small">
          The server of this page compared the code on the chain with what its own checkout of the sources compiles to,
          byte by byte; left out is only what the constructors wrote. You need not believe it: each link leads to
          somebody else who may have the sources.
        </p>
      ) : null}
      <SourcesNotice sources={sources} />
      <ul className="stack-small">
        {contracts.map((contract) => (
          <ContractRow key={contract.name} contract={contract} />
        ))}
      </ul>
    </>
  );
}

function SourcesNotice({ sources: { state, trouble } }: { readonly sources: Sources }): ReactElement | null {
  switch (state) {
    case "asked":
      return null;
    case "never-asked":
      return (
        <p className="small">
          No outside service was asked about the sources (<code>tm100 verify-source</code> asks).
        </p>
      );
    case "unreadable":
      return <Notice mood="warn">What outside services said of the sources cannot be told. {trouble}</Notice>;
    case "unknown":
      return (
        <p className="small">
          Unknown: whether the code is that of the sources, and what services said. It is back with this page&apos;s
          server.
        </p>
      );
    default:
      return assertNever(state);
  }
}

const CODE: Readonly<Record<Contract["code"], readonly [words: string, mood: string]>> = {
  match: ["Code is that of the sources", "good"],
  differs: ["Code differs from the sources", "bad"],
  "no-source": ["No source to compare with", ""],
  "no-code": ["No code on the chain", "bad"],
  unknown: ["Not compared", ""],
};

function ContractRow({ contract }: { readonly contract: Contract }): ReactElement {
  const { name, address, codeHash, code, answers, links } = contract;
  const [words, mood] = CODE[code];
  return (
    <li className="contract">
      <span className="contract-head">
        <strong>{capitalized(name)}</strong>
        <span className={`pill ${mood}`}>{words}</span>
      </span>
      <span className="small">
        <Address of={address} isWhole />
      </span>
      {codeHash === null ? null : <span className="muted small mono">code {codeHash}</span>}
      {answers.map((said) => (
        <SaidLine key={said.service} said={said} />
      ))}
      {links.explorer === null || links.sourcify === null ? null : (
        <span className="small">
          Look yourself: <Outside href={links.explorer}>source on the explorer</Outside>,{" "}
          <Outside href={links.sourcify}>source on Sourcify</Outside>
        </span>
      )}
    </li>
  );
}

const MATCH: Readonly<Record<Said["match"], string>> = {
  exact_match: "an exact match",
  match: "a match, but for comments or names",
  verified: "verified",
  refused: "not verified",
};

function SaidLine({
  said: { service, match, creationMatch, runtimeMatch, url, time },
}: {
  readonly said: Said;
}): ReactElement {
  const isRunningAlone = service === "sourcify" && runtimeMatch !== null && creationMatch === null;
  const words = `${capitalized(service)} said on ${formatDate(time)}: ${MATCH[match]}`;
  return (
    <span className="small">
      {url === null ? words : <Outside href={url}>{words}</Outside>}
      {isRunningAlone ? " (of the code that runs; how it was created was not seen)" : null}
    </span>
  );
}
