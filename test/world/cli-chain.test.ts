// Tests of `plan` and `rebalance`, and of what every chain command asks of node, key and deployment file.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { expect } from "chai";

import { DAY } from "../../src/core/time.ts";
import { parseDecimal, unixSeconds } from "../../src/core/units.ts";
import type { Deployment } from "../../src/execute/deployment.ts";
import { TargetNotInLogError, fetchTarget } from "../../src/execute/fetch-target.ts";
import { senderOf } from "../../src/world/week.ts";
import { type CliRun, runCli } from "../cli-run.ts";
import { type Document, PENDING_ID, useServedFund } from "./served-fund.ts";

describe("commands of the operator", function () {
  const fund = useServedFund();

  describe("plan", function () {
    it("rebuilds the pending target from the log", async function () {
      const { source, target } = await fund.json("plan");

      expect(source).to.equal("pending");
      expect((target as Document)["id"]).to.equal(PENDING_ID);
    });

    it("sells what leaves the index", async function () {
      const { legs } = await fund.json("plan");

      const sales = (legs as Document[]).filter(({ sell }) => sell === "UNI");
      expect(sales.map(({ buy, reason }) => [buy, reason])).to.deep.equal([["ETH", "removed from the index"]]);
    });

    it("adds the costs of the legs up to the total", async function () {
      const { totals } = await fund.json("plan");

      const { feeUsd, impactUsd, driftUsd, gasUsd, totalUsd } = totals as Record<string, string>;
      const parts = [feeUsd, impactUsd, driftUsd, gasUsd].map(wadOf);
      expect(parts.reduce((sum, part) => sum + part)).to.equal(wadOf(totalUsd));
    });

    it("is the same each time", async function () {
      expect((await fund.tm100("plan", "--json")).out).to.equal((await fund.tm100("plan", "--json")).out);
    });

    it("shows a table for people, units in its header", async function () {
      const { out } = await fund.tm100("plan");

      expect(out).to.match(/sell +amount \[sell\] +buy +expected \[buy\] +minimum \[buy\] +fee \[bps\]/);
    });

    it("plans the decision of a date and names coins that the fund has not listed", async function () {
      const { source, leftOut } = await fund.json("plan", "--as-of", "2023-05-01");

      expect(source).to.equal("decision");
      expect(JSON.stringify(leftOut)).to.include("not listed in the fund");
    });

    it("says so when there is nothing to do", async function () {
      await fund.tm100("rebalance", "--live", "--account", "keeper");

      const { code, out } = await fund.tm100("plan");

      expect([code, out]).to.deep.equal([0, "Nothing to do: no target is pending or under way.\n"]);
    });
  });

  describe("the cost of a plan", function () {
    it("names the price of gas and who pays it", async function () {
      const { out } = await fund.tm100("plan");

      expect(out).to.match(/^Costs .* bps of NAV: fee .*, gas [\d.,]+ \([\d,]+ units at [\d.,]+ gwei\)\.$/m);
      expect(out).to.match(/^The keeper pays the gas, not the fund, whose cost without it is \d+ bps of NAV\.$/m);
    });

    it("says of each leg's cost that it includes gas", async function () {
      expect((await fund.tm100("plan")).out).to.include("cost with gas [bps]  cost with gas [USD]");
    });
  });

  describe("rebalance", function () {
    it("sends nothing unless told", async function () {
      const before = await blockNumber();

      const { sent } = await fund.json("rebalance");

      expect(sent).to.equal(0);
      expect(await blockNumber()).to.equal(before);
    });

    it("carries out the pending target with the keeper's key", async function () {
      const { finished } = await fund.json("rebalance", "--live", "--account", "keeper");

      expect((finished as Document)["skips"]).to.equal(0);
    });

    it("shows what was planned before what was sent", async function () {
      const { out } = await fund.tm100("rebalance", "--live", "--account", "keeper");

      expect(out).to.match(/Plan hash 0x[0-9a-f]{64}\nSent 0x[0-9a-f]{64} [^]*Finished: NAV [\d,.]+ USD/);
    });

    it("refuses a key without the role", async function () {
      const { code, out, err } = await fund.tm100("rebalance", "--live", "--account", "alice");

      expect([code, out]).to.deep.equal([5, ""]); // no plan either
      expect(err).to.match(/^error ROLE_MISSING: .*does not hold the keeper role/);
    });

    it("refuses an account beside the key of the environment", async function () {
      process.env["TM100_PRIVATE_KEY"] = `0x${"11".repeat(32)}`;
      try {
        const { code, err } = await fund.tm100("rebalance", "--live", "--account", "keeper");

        expect(code).to.equal(2);
        expect(err).to.match(/^error USAGE: Expected --account or TM100_PRIVATE_KEY, found both/);
      } finally {
        delete process.env["TM100_PRIVATE_KEY"];
      }
    });

    it("sends nothing with a key without the role", async function () {
      const before = await blockNumber();

      await fund.tm100("rebalance", "--live", "--account", "alice");

      expect(await blockNumber()).to.equal(before);
    });

    it("takes the key of the environment", async function () {
      const key = fund.served().world.market.chain.accounts.keeper.getHdKey().privateKey ?? new Uint8Array();
      process.env["TM100_PRIVATE_KEY"] = `0x${Buffer.from(key).toString("hex")}`;
      try {
        expect((await fund.tm100("rebalance", "--live")).code).to.equal(0);
      } finally {
        delete process.env["TM100_PRIVATE_KEY"];
      }
    });
  });

  describe("rebalance when every price has gone stale", function () {
    beforeEach(async function () {
      const { chain } = fund.served().world.market;
      await chain.advanceTo(unixSeconds((await chain.now()) + 2 * DAY)); // feeds are stale after 25 hours
    });

    it("says that it stays open, and exits as a risk guard does", async function () {
      const { code, err } = await fund.tm100("rebalance", "--live", "--account", "keeper");

      expect(code).to.equal(4);
      expect(err).to.match(/^error REBALANCE_UNFINISHED: .*Nothing is lost; run it again later\.$/m);
    });

    it("reports what was done before it stopped", async function () {
      const { out } = await fund.tm100("rebalance", "--live", "--account", "keeper", "--json");

      const { finished, failure, transactions } = JSON.parse(out) as Document;
      expect(finished).to.equal(null);
      expect((failure as Document)["code"]).to.equal("REBALANCE_UNFINISHED");
      expect(transactions).to.have.lengthOf(1);
    });

    it("leaves a rebalance under way, which is planned next", async function () {
      await fund.tm100("rebalance", "--live", "--account", "keeper");

      expect((await fund.json("plan"))["source"]).to.equal("running");
    });
  });

  describe("the node and the deployment file", function () {
    /** Runs `plan` with a changed deployment file. */
    async function planWith(change: (deployment: Deployment) => Deployment): Promise<CliRun> {
      const path = join(fund.served().folder, "changed.json");
      const deployment = JSON.parse(readFileSync(fund.served().deployment, "utf8")) as Deployment;
      writeFileSync(path, JSON.stringify(change(deployment)));
      return runCli(["plan", "--rpc", fund.served().rpc, "--deployment", path]);
    }

    it("refuses a node of another chain", async function () {
      const { code, err } = await planWith((deployment) => ({ ...deployment, chainId: 1 }));

      expect(code).to.equal(5);
      expect(err).to.match(/^error CHAIN_ID_MISMATCH: Expected a node of chain 1, .*found one of chain 31337/);
    });

    it("refuses a chain without the vault", async function () {
      const nowhere = "0x00000000000000000000000000000000000000AA";

      const { code, err } = await planWith((deployment) => ({
        ...deployment,
        addresses: { ...deployment.addresses, vault: nowhere },
      }));

      expect(code).to.equal(5);
      expect(err).to.match(/^error VAULT_MISSING: /);
    });

    it("refuses the file of another chain with the same addresses, and names the first asset that differs", async function () {
      const { code, err } = await planWith((deployment) => ({
        ...deployment,
        assets: deployment.assets.map((asset) => (asset.index === 2 ? { ...asset, coinId: "dogecoin" } : asset)),
      }));

      expect(code).to.equal(5);
      expect(err).to.match(/^error ASSET_MISMATCH: Expected asset 2 to be dogecoin \(0x[0-9a-f]{40}, \d+ decimals\)/);
    });

    it("refuses a deployment whose block lies after its listings", async function () {
      const { code, err } = await planWith((deployment) => ({ ...deployment, block: 1_000_000 }));

      expect(code).to.equal(5);
      expect(err).to.match(/^error ASSET_MISMATCH: .*found none listed there/);
    });

    it("misses a target whose line the node does not give", async function () {
      const { world } = fund.served();
      const { client } = senderOf(world, "keeper");
      const deployment = { ...world.fund.deployment(), block: 1_000_000 };

      const error: unknown = await fetchTarget({ client, deployment }).catch((reason: unknown) => reason);

      expect(error).to.be.instanceOf(TargetNotInLogError);
    });

    it("says what to do when no node answers, without the address's secret path", async function () {
      const rpc = `http://127.0.0.1:${await closedPort()}/secret`;

      const { code, err } = await runCli(["verify", "--rpc", rpc, "--deployment", fund.served().deployment]);

      expect(code).to.equal(5);
      expect(err)
        .to.match(/^error NODE_UNREACHABLE: .*demo --serve/)
        .and.to.not.include("secret");
    });

    it("asks for a deployment file that is not there", async function () {
      const { code, err } = await runCli(["plan", "--deployment", join(fund.served().folder, "none.json")]);

      expect(code).to.equal(2);
      expect(err).to.match(/^error DEPLOYMENT_UNREADABLE: /);
    });

    it("asks for a key before it asks the node", async function () {
      const { code, err } = await fund.tm100("deposit", "5");

      expect(code).to.equal(2);
      expect(err).to.include("set TM100_PRIVATE_KEY, or name a development account");
    });
  });

  async function blockNumber(): Promise<bigint> {
    return fund.served().world.market.chain.publicClient.getBlockNumber();
  }
});

/** {D18 USD} of a decimal string, which may be negative. */
function wadOf(text = ""): bigint {
  return text.startsWith("-") ? -parseDecimal(text.slice(1), 18) : parseDecimal(text, 18);
}

/** A port of this machine on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
