// Tests of the API on a fund with a real history: each view's facts are those of the chain and of the command line.
import { expect } from "chai";
import type { z } from "zod";

import { VIEWS, type ViewName } from "../../src/site/endpoints.ts";
import { fetchPortfolio } from "../../src/execute/read-portfolio.ts";
import { unixSeconds } from "../../src/core/units.ts";
import { parseLedger } from "../../src/record/ledger-file.ts";
import { verifyLedger } from "../../src/record/verify.ts";
import { expectClose } from "../close.ts";
import { type Document, PENDING_ID, useServedFund } from "./served-fund.ts";
import { type ServedSite, serveTestSite } from "./served-site.ts";

describe("API of a fund", function () {
  const fund = useServedFund();
  let site: ServedSite;

  beforeEach(async function () {
    site = await serveTestSite(fund.served(), { isMarketAwaited: false });
  });

  afterEach(async function () {
    await site.close();
  });

  const view = async (path: string): Promise<Document> => (await site.get(path)).json();
  const address = (name: "alice" | "bob" | "carol"): string => fund.served().world.market.chain.accounts[name].address;
  const rebalance = async (): Promise<void> => {
    await fund.tm100("rebalance", "--live", "--account", "keeper");
    await site.site.refresh();
  };

  describe("every view", function () {
    const pathOf = async (name: ViewName): Promise<string> => {
      const { lines } = await fund.json("log", "--event", "RebalanceStarted");
      const [start] = lines as readonly { readonly transaction: string }[];
      return VIEWS[name].path
        .replace(":address", address("alice"))
        .replace(":hash", start?.transaction ?? "")
        .replace(":week", "2021-09-06");
    };
    for (const name of Object.keys(VIEWS) as ViewName[]) {
      if (["decision", "gauges", "backtest"].includes(name)) continue; // not without market data: tested with them
      it(`answers ${name} as its schema says`, async function () {
        const { status, json } = await site.get(await pathOf(name));

        const schema: z.ZodType = VIEWS[name].answer;
        expect([status, schema.safeParse(json()).error?.issues]).to.deep.equal([200, undefined]);
      });
    }
  });

  it("tells of the fund what the command line tells", async function () {
    const { fund: told } = await view("/api/now");

    expect(told).to.deep.equal((await fund.json("status"))["fund"]);
  });

  it("counts down to the target that waits", async function () {
    const { nextRebalance } = await view("/api/now");

    expect(nextRebalance).to.deep.equal({ at: "2021-09-13T11:30:00Z", why: "pending", targetId: PENDING_ID });
  });

  it("holds what the chain holds, with what the target in force wants", async function () {
    const { holdings, navUsd } = (await view("/api/holdings")) as { holdings: Document[]; navUsd: string };

    const { world } = fund.served();
    const { publicClient } = world.market.chain;
    const chain = await fetchPortfolio(
      { client: publicClient, deployment: world.fund.deployment() },
      await publicClient.getBlockNumber(),
    );
    expect(holdings.map(({ index, weightPpm }) => [index, weightPpm])).to.deep.equal(
      chain.map(({ index, weight }) => [index, weight]),
    );
    expect(holdings.find(({ coinId }) => coinId === "bitcoin")).to.include({ targetPpm: 500_000, symbol: "BTC" });
    expect(navUsd).to.equal(((await fund.json("status"))["fund"] as Document)["navUsd"]);
  });

  it("names the last trade of a holding by its line", async function () {
    const { holdings } = (await view("/api/holdings")) as { holdings: Document[] };

    const { lines } = (await fund.json("log", "--event", "LegExecuted")) as { lines: Document[] };
    const token = holdings.find(({ coinId }) => coinId === "bitcoin")?.["token"] as string;
    const own = lines.findLast(({ args }) => (args as Document)["bought"] === token.toLowerCase());
    expect(holdings.find(({ coinId }) => coinId === "bitcoin")?.["lastTrade"]).to.deep.equal({
      sequence: own?.["sequence"],
      time: own?.["time"],
      transaction: own?.["transaction"],
      side: "bought",
    });
  });

  it("says of each stablecoin how far it is from a dollar, also of those that are not held", async function () {
    const { stablecoins } = (await view("/api/holdings")) as { stablecoins: Document[] };

    for (const [place, coinId] of ["usd-coin", "tether", "dai"].entries()) {
      expect(stablecoins[place]).to.include({ coinId, priceUsd: "1", pegBps: 0, isInBand: true });
    }
  });

  it("lists rebalances with the cost that the vault recorded and the gas of their receipts", async function () {
    await rebalance();
    await site.site.refresh();

    const { rebalances, total } = (await view("/api/rebalances")) as { rebalances: Document[]; total: number };

    const { lines } = (await fund.json("log", "--event", "RebalanceFinished")) as { lines: Document[] };
    expect(rebalances.map(({ id, costBps }) => [String(id), String(costBps)])).to.deep.equal(
      lines.map(({ args }) => [(args as Document)["id"], (args as Document)["costBps"]]).reverse(),
    );
    const { publicClient } = fund.served().world.market.chain;
    const hashes = (rebalances[0]?.["transactions"] ?? []) as readonly `0x${string}`[];
    const receipts = await Promise.all(hashes.map((hash) => publicClient.getTransactionReceipt({ hash })));
    expect(rebalances[0]?.["gas"]).to.equal(Number(receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)));
    expect([total, rebalances[0]?.["state"]]).to.deep.equal([2, "finished"]);
  });

  it("hands out the ledger as `log` prints it, in pages", async function () {
    const first = (await view("/api/ledger?limit=10")) as { lines: Document[]; next: number };
    const rest = (await view(`/api/ledger?from=${first.next}&limit=5000`)) as { lines: Document[]; next: null };

    const log = await fund.json("log");
    expect([...first.lines, ...rest.lines]).to.deep.equal(log["lines"]);
    expect([first.next, rest.next]).to.deep.equal([11, null]);
  });

  it("hands out the ledger as a file that proves itself", async function () {
    const { text, headers } = await site.get("/api/ledger.jsonl");

    const { lines, place, end } = parseLedger(text);
    expect(verifyLedger(lines, place, end).head).to.equal((await fund.json("verify"))["head"]);
    expect(headers.get("content-disposition")).to.equal('attachment; filename="tm100-ledger.jsonl"');
  });

  it("shows a transaction with its lines in words", async function () {
    const { rebalances } = (await view("/api/rebalances")) as { rebalances: Document[] };
    const [hash] = rebalances[0]?.["transactions"] as readonly `0x${string}`[];

    const shown = (await view(`/api/transactions/${hash}`)) as { lines: Document[]; words: string[]; gas: number };

    const receipt = await fund
      .served()
      .world.market.chain.publicClient.getTransactionReceipt({ hash: hash as `0x${string}` });
    expect(shown.gas).to.equal(Number(receipt.gasUsed));
    expect(shown.lines[0]?.["event"]).to.equal("RebalanceStarted");
    expect(shown.words[0]).to.match(/^rebalance /);
  });

  it("knows no transaction that wrote no line", async function () {
    const { status, json } = await site.get(`/api/transactions/0x${"12".repeat(32)}`);

    expect([status, json()["error"]]).to.deep.equal([404, "NOT_FOUND"]);
  });

  describe("account", function () {
    type Position = { account: Document; position: Document; history: Document[] };
    const account = async (name: "alice" | "bob" | "carol"): Promise<Position> =>
      (await view(`/api/account/${address(name)}`)) as unknown as Position;

    it("stands where the command line says", async function () {
      for (const name of ["alice", "bob", "carol"] as const) {
        const { account: told } = await account(name);

        expect(told).to.deep.equal((await fund.json("status", "--address", address(name)))["account"]);
      }
    });

    it("has paid what became shares, and gained what they are worth beyond it", async function () {
      const { position, account: told } = await account("alice");

      expect(position).to.include({ paid: "100000", paidUsd: "100000", received: "0", otherWays: false });
      expect(position["outstanding"]).to.equal(told["valueUsd"]);
      expectClose(Number(position["gain"]), Number(told["valueUsd"]) - 100_000, 1e-9);
    });

    it("has paid what waits for its strike, and lost nothing yet", async function () {
      const { position } = await account("bob");

      expect(position).to.include({ paid: "50000", outstanding: "50000", gain: "0" });
    });

    it("has paid what the strike counted, when the deposit coin is off its peg", async function () {
      const { market } = fund.served().world;
      const saved = await market.snapshot();
      try {
        const at = unixSeconds((await market.chain.now()) + 900);
        await market.moveTo({ prices: new Map([["usd-coin", 0.99]]), at, steps: 1 });
        await site.site.refresh();
        const waiting = (await account("bob")).position;
        await rebalance();
        const { position } = await account("bob");

        // 50,000 coins at 0.99 USD; what is lost beyond that is swing and trading.
        expect(waiting).to.include({ paidUsd: "49500", outstanding: "49500", gain: "0" });
        expect(position["paid"]).to.equal("50000");
        expectClose(Number(position["paidUsd"]), 49_500, 1e-6);
        expectClose(Number(position["gain"]), Number(position["outstanding"]) - Number(position["paidUsd"]), 1e-6);
        expect(Number(position["gain"])).to.be.within(-200, 0);
      } finally {
        await market.revert(saved);
      }
    });

    it("has a history with signs: coins out, shares in", async function () {
      const { history } = await account("alice");

      expect(history.map(({ event, coins, shares }) => [event, coins, shares])).to.deep.equal([
        ["DepositRequested", "-100000", null],
        ["DepositClaimed", null, "100000"],
      ]);
    });

    it("has a history for a tax return", async function () {
      const { text, headers } = await site.get(`/api/account/${address("alice")}/history.csv`);

      const rows = text.trim().split("\r\n");
      expect(headers.get("content-type")).to.equal("text/csv; charset=utf-8");
      expect(rows[0]).to.equal("time,event,coins,shares,words,sequence,block,transaction");
      expect(rows[1]).to.match(/^2021-09-04T12:\d\d:\d\dZ,DepositRequested,-100000,,/);
    });

    it("gives no gain when shares went another way", async function () {
      const { chain } = fund.served().world.market;
      await chain.wallets.alice.writeContract({
        address: fund.served().world.fund.addresses.vault,
        abi: (await import("viem")).erc20Abi,
        functionName: "transfer",
        args: [chain.accounts.carol.address, 10n ** 18n],
      });
      await site.site.refresh();

      const { position, history } = await account("carol");

      expect(position).to.include({ gain: null, otherWays: true });
      expect(history[0]).to.include({ event: "Transfer", shares: "1", sequence: null });
    });
  });

  it("states the conditions of a deposit as the fund has them", async function () {
    const { costs, cutoff, deposits, atOnce } = await view("/api/invest");

    const status = (await fund.json("status"))["fund"] as Document;
    expect(costs).to.deep.equal(status["costs"]);
    expect(cutoff).to.equal((status["limits"] as Document)["cutoff"]);
    expect([deposits, (atOnce as Document)["isOpen"]]).to.deep.equal(["open", false]); // in the market
  });

  it("names who has which role", async function () {
    const { roles } = (await view("/api/rules")) as { roles: Document[] };

    const { accounts } = fund.served().world.market.chain;
    expect(roles.map(({ role, account: holder }) => [role, holder])).to.deep.equal(
      (["admin", "guardian", "keeper", "signer"] as const).map((role) => [
        role,
        accounts[role === "admin" ? "owner" : role].address,
      ]),
    );
  });

  it("is healthy, and says up to where it has read", async function () {
    const { ok, index, chain } = (await view("/api/health")) as { ok: boolean; index: Document; chain: Document };

    const { lines, head } = await fund.json("verify");
    expect([ok, index["state"], index["sequence"], index["head"]]).to.deep.equal([true, "current", lines, head]);
    expect(index["block"]).to.equal(chain["block"]);
  });

  it("shows the finish of a rebalance in the performance", async function () {
    await rebalance();

    const { points, ribbon, figures } = (await view("/api/performance")) as {
      points: Document[];
      ribbon: Document[];
      figures: Document;
    };

    const { navPerShareUsd } = (await fund.json("status"))["fund"] as Document;
    expect(points.length).to.equal(2);
    expectClose(Number(points[1]?.["navPerShareUsd"]), Number(navPerShareUsd), 1e-9);
    expectClose(Number(figures["total_return"]), Number(navPerShareUsd) - 1, 1e-9);
    expect(ribbon.map(({ regime, to }) => [regime, to])).to.deep.equal([["bull", null]]);
  });

  it("says that it is reading, where market data are needed, and when to come back", async function () {
    const { status, headers, json } = await site.get("/api/backtest");

    expect([status, json()["error"], headers.get("retry-after")]).to.deep.equal([503, "NOT_READY", "3"]);
  });
});
