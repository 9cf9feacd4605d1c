// Tests of `guard` and `owner` on a fund that is served over HTTP; their good ends are in drills.test.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { writeDeployment } from "../../src/execute/deployment.ts";
import type { SafeBatch } from "../../src/execute/safe-batch.ts";
import { runCli } from "../cli-run.ts";
import { type RpcNode, serveNode } from "../rpc-node.ts";
import { type Document, PENDING_ID, useServedFund } from "./served-fund.ts";

describe("guard", function () {
  const fund = useServedFund();
  const guard = (...args: string[]) => fund.tm100("guard", ...args);
  const live = ["--live", "--chain-id", "31337"];

  it("shows what it would do, and sends nothing", async function () {
    const { chain } = fund.served().world.market;
    const before = await chain.publicClient.getBlockNumber();

    const { code, out } = await guard("veto", "--account", "guardian");

    expect(code).to.equal(0);
    expect(out).to.match(
      new RegExp(
        `^0x\\w{40} can veto target ${PENDING_ID} now\\. Nothing was sent; --live --chain-id 31337 sends it\\.\n$`,
      ),
    );
    expect(await chain.publicClient.getBlockNumber()).to.equal(before);
  });

  it("sends only on the chain that was typed", async function () {
    for (const args of [["--live"], ["--live", "--chain-id", "1"]]) {
      const { code, err } = await guard("veto", "--account", "guardian", ...args);

      expect(code).to.equal(2);
      expect(err).to.contain("Expected --chain-id 31337 with --live");
    }
  });

  it("is refused with another key, and after the target is gone", async function () {
    const stranger = await guard("veto", "--account", "stranger", ...live);
    const { action } = await fund.json("guard", "veto", "--account", "guardian", ...live);
    const again = await guard("veto", "--account", "guardian", ...live);

    expect([stranger.code, stranger.err.slice(0, 18)]).to.deep.equal([5, "error ROLE_MISSING"]);
    expect(action).to.equal(`veto target ${PENDING_ID}`);
    expect([again.code, again.err.slice(0, 21)]).to.deep.equal([5, "error NOTHING_PENDING"]);
  });

  it("does not pause for less than a day, or more than a week", async function () {
    for (const days of ["0", "8", "1.5", "-1", "x"]) {
      const { code, err } = await guard("pause-deposits", `--days=${days}`, "--account", "guardian");

      expect([code, err.includes("Expected days from 1 to 7")]).to.deep.equal([2, true]);
    }
  });

  it("closes no coin that the fund has not listed", async function () {
    const { code, err } = await guard("close-asset", "dogecoin", "--account", "guardian");

    expect([code, err.includes("found 'dogecoin'")]).to.deep.equal([2, true]);
  });

  it("gives up only a role that the key holds", async function () {
    const { code, err } = await guard("renounce", "signer", "--account", "keeper", ...live);
    const unknown = await guard("renounce", "owner", "--account", "keeper");

    expect([code, err.slice(0, 19)]).to.deep.equal([2, "error ROLE_NOT_HELD"]);
    expect([unknown.code, unknown.err.includes("Expected a role of keeper, guardian, signer")]).to.deep.equal([
      2,
      true,
    ]);
  });
});

describe("owner replace", function () {
  const fund = useServedFund();
  const address = (name: "keeper" | "carol") => fund.served().world.market.chain.accounts[name].address;
  const replace = (old: string, next: string) => fund.tm100("owner", "replace", "keeper", "--old", old, "--new", next);

  it("prints both transactions for the access manager, nine days apart", async function () {
    const printed = await fund.json(
      "owner",
      "replace",
      "keeper",
      "--old",
      address("keeper"),
      "--new",
      address("carol"),
    );

    const { accessManager } = fund.served().world.fund.addresses;
    const [announce, carryOut] = [printed["announce"], printed["carryOut"]] as Document[];
    expect([announce?.["to"], carryOut?.["to"]]).to.deep.equal([accessManager, accessManager]);
    expect(printed["delaySeconds"]).to.equal(777_600);
  });

  it("writes both as batches for the owner's Safe", async function () {
    const { folder, world } = fund.served();
    const safe = world.market.chain.accounts.owner.address;
    const accounts = ["--old", address("keeper"), "--new", address("carol")];

    const printed = await fund.json("owner", "replace", "keeper", ...accounts, "--safe", safe, "--out", folder);
    const foreign = await fund.tm100("owner", "replace", "keeper", ...accounts, "--safe", address("carol"));

    const batch = JSON.parse(readFileSync(String(printed["announce"]), "utf8")) as SafeBatch;
    expect([batch.version, batch.chainId, batch.meta.createdFromSafeAddress]).to.deep.equal(["1.0", "31337", safe]);
    // The new account is announced, and the end of the old one's role.
    expect(batch.transactions.map(({ to }) => to)).to.deep.equal(Array(2).fill(world.fund.addresses.accessManager));
    expect([foreign.code, foreign.err.slice(0, 18)]).to.deep.equal([2, "error OWNER_CHANGE"]);
  });

  describe("on a chain with an explorer", function () {
    let node: RpcNode;
    let place: readonly string[];
    beforeEach(async function () {
      const { world, folder } = fund.served();
      node = await serveNode(world.market.chain);
      node.twist = ({ method }) => Promise.resolve(method === "eth_chainId" ? { result: "0x2105" } : undefined);
      const deployment = join(folder, "base.json");
      await writeDeployment(deployment, { ...world.fund.deployment(), chainId: 8453 });
      place = ["--old", address("keeper"), "--new", address("carol"), "--rpc", node.url, "--deployment", deployment];
    });
    afterEach(() => node.close());

    it("links the contract that is called, in text and JSON", async function () {
      const text = await runCli(["owner", "replace", "keeper", ...place]);
      const json = await runCli(["owner", "replace", "keeper", ...place, "--json"]);

      const { accessManager } = fund.served().world.fund.addresses;
      const link = `https://basescan.org/address/${accessManager}`;
      expect(text.out.split("\n").filter((row) => row.endsWith(`${accessManager}, ${link}`))).to.have.lengthOf(2);
      const printed = JSON.parse(json.out) as Readonly<Record<string, Document>>;
      expect([printed["announce"]?.["link"], printed["carryOut"]?.["link"]]).to.deep.equal([link, link]);
    });

    it("links the contract that each batch for a Safe calls", async function () {
      const { folder, world } = fund.served();
      const safe = ["--safe", world.market.chain.accounts.owner.address, "--out", folder];

      const { out } = await runCli(["owner", "replace", "keeper", ...place, ...safe]);

      const { accessManager } = world.fund.addresses;
      const called = `   calls ${accessManager}, https://basescan.org/address/${accessManager}`;
      expect(out.split("\n").filter((row) => row === called)).to.have.lengthOf(2);
    });
  });

  it("refuses one account twice, one that has the role, and what is no address", async function () {
    const same = await replace(address("keeper"), address("keeper"));
    const held = await replace(address("carol"), address("keeper"));
    const wrong = await replace(address("keeper"), `${address("carol").slice(0, -1)}z`);

    expect([same.code, held.code, wrong.code]).to.deep.equal([2, 2, 2]);
    expect(same.err).to.contain("found the same one twice");
    expect(held.err).to.contain("without the keeper role, found it held");
  });
});
