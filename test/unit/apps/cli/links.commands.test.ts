// Tests of the links that single commands print for contracts, tokens and transactions, and of the local chain.
import { expect } from "chai";
import type { Address } from "viem";

import { deployedJson, deployedText } from "../../../../src/apps/cli/commands/deploy.ts";
import { batchText } from "../../../../src/apps/cli/commands/owner.ts";
import { rebuiltJson, rebuiltText } from "../../../../src/apps/cli/commands/reconstruct.ts";
import { deedsText, lastSentText } from "../../../../src/apps/cli/keeper-view.ts";
import { checkJson, checkText, coverageJson, coverageText } from "../../../../src/apps/cli/network-view.ts";
import type { BuiltNetwork } from "../../../../src/config/networks/build.ts";
import { coverageOf } from "../../../../src/config/networks/coverage.ts";
import { AppError } from "../../../../src/core/errors.ts";
import type { NetworkCheck, NetworkFault } from "../../../../src/execute/check-network.ts";
import type { DeploymentPlan } from "../../../../src/execute/deploy/plan.ts";
import type { DeploymentRecord } from "../../../../src/execute/deploy/record.ts";
import type { Network } from "../../../../src/execute/network.ts";
import { safeBatch } from "../../../../src/execute/safe-batch.ts";
import type { Cycle } from "../../../../src/keeper/keeper.ts";
import { deedJson, lastSentJson } from "../../../../src/keeper/watch/status.ts";
import type { Ledger } from "../../../../src/record/ledger-file.ts";
import { reconstruct } from "../../../../src/record/reconstruct.ts";

const BASE = 8453;
const LOCAL = 31337;
const PLACE = "https://basescan.org";
const HASH = `0x${"ab".repeat(32)}` as const;
const OTHER_HASH = `0x${"cd".repeat(32)}` as const;
const AT: Address = "0x00000000000000000000000000000000000000A1";

class Refused extends AppError {
  readonly code = "REFUSED";
  readonly kind = "chain";
}

describe("links of the keeper", function () {
  const due = { kind: "upkeep", task: "upkeep", why: "hourly", failures: 0 } as const;
  const [first, second] = [
    { hash: HASH, block: 7 },
    { hash: OTHER_HASH, block: 8 },
  ] as const;
  const done = { due, outcome: { sent: "probe asset 2" }, failure: undefined, sent: [first] };
  const failed = { due, outcome: undefined, failure: new Refused("no"), sent: [second] };
  const cycle = { deeds: [done, failed] } as unknown as Cycle;
  const last = { ...first, task: "upkeep", at: 0 };

  it("stand under each deed, also under one that failed", function () {
    expect(deedsText(cycle, BASE).split("\n")).to.deep.equal([
      "done  upkeep: sent probe asset 2",
      `sent  ${HASH} (block 7, ${PLACE}/tx/${HASH})`,
      "not   upkeep: no",
      `sent  ${OTHER_HASH} (block 8, ${PLACE}/tx/${OTHER_HASH})`,
    ]);
  });

  it("are fields of each deed's transactions", function () {
    expect(deedJson(failed, BASE).transactions).to.deep.equal([{ ...second, link: `${PLACE}/tx/${OTHER_HASH}` }]);
  });

  it("stand behind the last transaction of the journal", function () {
    const sent = `${HASH} (block 7, ${PLACE}/tx/${HASH})`;

    expect(lastSentText(last, BASE)).to.equal(`sent  1970-01-01T00:00Z: upkeep, ${sent}`);
    expect(lastSentJson(last, BASE)).to.deep.equal({
      ...{ task: "upkeep", time: "1970-01-01T00:00:00.000Z", hash: HASH, block: 7 },
      link: `${PLACE}/tx/${HASH}`,
    });
    expect(lastSentText(undefined, BASE)).to.match(/^Nothing was sent/);
  });

  it("are not there on the local chain", function () {
    expect(deedsText(cycle, LOCAL)).to.include(`sent  ${HASH} (block 7)\n`).and.not.include("http");
    expect(deedJson(done, LOCAL).transactions).to.deep.equal([first]);
    expect(lastSentText(last, LOCAL)).to.not.include("http");
    expect(lastSentJson(last, LOCAL)).to.not.have.property("link");
  });
});

describe("links of networks", function () {
  const fault: NetworkFault = { entry: "dai", kind: "no-code", at: AT, expected: "a contract", found: "no code" };
  const network = (chainId: number): Network => ({ name: "n", title: "N", chainId, assets: [] }) as never;
  const check = (chainId: number): NetworkCheck => ({
    ...{ faults: [fault], absentPools: [{ ...fault, kind: "pool-thin" }] },
    ...{ warnings: [{ ...fault, kind: "pool-filling" }], confirmed: network(chainId) },
  });
  const name = { coinId: "dai", symbol: "DAI", rank: 9, capUsd: 1 };
  const names = [
    { ...name, held: "with-feed", vehicle: "its token", token: AT } as const,
    { ...name, coinId: "monero", held: "missing", why: "no token on this chain" } as const,
  ];
  const built = (chainId: number): BuiltNetwork => ({ network: network(chainId), coverage: coverageOf(names) });

  it("stand behind what a check found, whatever that was", function () {
    const rows = checkText(network(BASE), check(BASE)).split("\n").slice(1);

    expect(rows).to.have.lengthOf(3);
    for (const row of rows) expect(row).to.match(new RegExp(`found no code, ${PLACE}/address/${AT}$`));
    const { faults, absentPools, warnings } = checkJson(network(BASE), check(BASE));
    for (const found of [faults, absentPools, warnings]) {
      expect((found as readonly { readonly link?: string }[])[0]?.link).to.equal(`${PLACE}/address/${AT}`);
    }
  });

  it("stand behind the token of each name that a network has", function () {
    const text = coverageText("2021-09-06", [built(BASE)]);

    expect(text).to.include(`${AT} (its token), ${PLACE}/token/${AT}`);
    expect(text).to.match(/no token on this chain$/m);
    expect(coverageJson(built(BASE))["names"]).to.deep.equal([{ ...names[0], link: `${PLACE}/token/${AT}` }, names[1]]);
  });

  it("are not there on the local chain", function () {
    const texts = [checkText(network(LOCAL), check(LOCAL)), coverageText("2021-09-06", [built(LOCAL)])];
    const documents = [checkJson(network(LOCAL), check(LOCAL)), coverageJson(built(LOCAL))];

    expect([texts.join(""), JSON.stringify(documents)].map((shown) => /http|link/.test(shown))).to.deep.equal([
      false,
      false,
    ]);
  });
});

describe("links of a deployment", function () {
  const record = (chainId: number): DeploymentRecord =>
    ({ chainId, contracts: [{ contract: "Lens", address: AT }], transactions: { create_Lens: HASH } }) as never;
  const plan = { addresses: { vault: AT } } as unknown as DeploymentPlan;

  it("stand under each contract and each step's transaction", function () {
    expect(deployedText(record(BASE), "fund.json").split("\n").slice(0, 5)).to.deep.equal([
      `Lens                  ${AT}`, // names have 22 columns
      `  ${PLACE}/address/${AT}`,
      "",
      `create_Lens           ${HASH}`,
      `  ${PLACE}/tx/${HASH}`,
    ]);
  });

  it("are fields of both", function () {
    const { contracts, transactions } = deployedJson(plan, record(BASE), "fund.json");

    expect(contracts).to.deep.equal([{ contract: "Lens", address: AT, link: `${PLACE}/address/${AT}` }]);
    expect(transactions).to.deep.equal([{ step: "create_Lens", hash: HASH, link: `${PLACE}/tx/${HASH}` }]);
  });

  it("are not there on the local chain", function () {
    const document = JSON.stringify(deployedJson(plan, record(LOCAL), "fund.json"));

    expect(deployedText(record(LOCAL), "fund.json"))
      .to.include(HASH)
      .and.not.include("http");
    expect(document).to.include(HASH).and.not.include("link");
  });
});

describe("links of an owner's batch", function () {
  const batch = (chainId: number) =>
    safeBatch({ chainId, safe: AT, createdAt: 0, name: "Announce: it", description: "" }, [
      { to: AT, data: "0x01" },
      { to: AT, data: "0x02" },
    ]);

  it("name each contract once, and on the local chain without a link", function () {
    expect(batchText(batch(BASE), "1.json")).to.equal(
      `Announce: it\n   1.json\n   calls ${AT}, ${PLACE}/address/${AT}`,
    );
    expect(batchText(batch(LOCAL), "1.json")).to.equal(`Announce: it\n   1.json\n   calls ${AT}`);
  });
});

describe("the link of a reconstruction", function () {
  const rebuilt = (chainId: number) => {
    const end = { sequence: 0, head: `0x${"00".repeat(26)}` };
    const ledger = { place: { chainId, vault: AT }, lines: [], transfers: [], end } as unknown as Ledger;
    return { ledger, rebuilt: reconstruct(ledger), coins: new Map() as never, comparedAt: undefined };
  };

  it("is the vault's, as the last line and as a field", function () {
    expect(rebuiltText(rebuilt(BASE)).split("\n").at(-1)).to.equal(`  ${PLACE}/address/${AT}`);
    expect(rebuiltJson(rebuilt(BASE))).to.include({ link: `${PLACE}/address/${AT}` });
  });

  it("is not there on the local chain", function () {
    expect(rebuiltText(rebuilt(LOCAL))).to.not.include("http");
    expect(rebuiltJson(rebuilt(LOCAL))).to.not.have.property("link");
  });
});
