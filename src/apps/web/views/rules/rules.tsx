// Turns the rules of the fund, its limits with what is used of them, roles and addresses into the last view.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { capitalized, formatDate, formatSpan, formatTime } from "../../format.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Address, Card, Failure, Loading, ViewHead } from "../../ui/parts.tsx";
import { Assets } from "./assets.tsx";
import { Contracts } from "./contracts.tsx";
import { Limits } from "./limits.tsx";
import { Methodology } from "./methodology.tsx";

type Answered = Answer<"rules">;

/** The view "rules". */
export function Rules(): ReactElement {
  const { told, error } = useAnswer("rules");
  if (told === undefined) {
    return error === null ? (
      <Loading what="the rules" />
    ) : (
      <Failure error={error} what="The rules could not be read." />
    );
  }
  return <Shown answer={told.answer} isOfChain={told.from === "chain"} />;
}

function Shown({ answer, isOfChain }: { readonly answer: Answered; readonly isOfChain: boolean }): ReactElement {
  const { limits, guards, time, roles, contracts, sources, constants } = answer;
  return (
    <>
      <ViewHead
        title="Rules"
        about={`By methodology ${answer.methodology}. Limits are enforced by the contracts on every trade; used figures are of ${formatTime(time)}.`}
      />
      <div className="grid">
        <Limits limits={limits} guards={guards} assets={answer.assets} />
        <Methodology answer={answer} isOfChain={isOfChain} />
        <Card title="Who can do what" note="read back from the access manager">
          <Roles roles={roles} />
        </Card>
        <Card title="Contracts" className="span-6" note="immutable; no proxies">
          <Contracts contracts={contracts} sources={sources} />
        </Card>
        <Card title="Fixed in code" className="span-6" note="no role can change these">
          <Constants constants={constants} />
        </Card>
        <Card title="Listed assets" note="with the most that a target may hold of each">
          <Assets assets={answer.assets} prices={limits.prices} isOfChain={isOfChain} />
        </Card>
      </div>
    </>
  );
}

const POWERS: Readonly<Record<string, string>> = {
  admin: "lists assets, sets feeds and roles, loosens limits; everything is announced before",
  owner: "lists assets, sets feeds and roles, loosens limits; everything is announced before",
  keeper: "carries out signed targets within all limits; cannot choose what to hold",
  guardian: "pauses, withdraws a pending target, tightens limits; cannot take anything",
  signer: "signs the weekly target; cannot trade",
};

function Roles({ roles }: { readonly roles: Answered["roles"] }): ReactElement {
  return (
    <DataTable
      label="Roles"
      columns={["Role", { left: "Account" }, { left: "Delay" }, { left: "Since" }, { left: "May" }]}
    >
      {roles.map(({ role, account, delay, since, hasCode }) => (
        <tr key={`${role} ${account}`}>
          <td>
            <strong>{capitalized(role)}</strong>
          </td>
          <td className="left">
            <Address of={account} /> <span className="muted small">{hasCode ? "contract" : "single key"}</span>
          </td>
          <td className="left">{delay === 0 ? "none" : formatSpan(delay)}</td>
          <td className="left">{formatDate(since)}</td>
          <td className="left wrap muted small">{POWERS[role] ?? ""}</td>
        </tr>
      ))}
    </DataTable>
  );
}

function Constants({ constants }: { readonly constants: Answered["constants"] }): ReactElement {
  return (
    <dl className="facts">
      {constants.map(({ name, value, unit, meaning }) => (
        <ConstantRow key={name} meaning={meaning} value={`${value} ${unit}`} />
      ))}
    </dl>
  );
}

function ConstantRow({ meaning, value }: { readonly meaning: string; readonly value: string }): ReactElement {
  return (
    <>
      <dt>{capitalized(meaning)}</dt>
      <dd>{value}</dd>
    </>
  );
}
