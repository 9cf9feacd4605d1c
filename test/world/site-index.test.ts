// Tests of the index on a fund with a real history: what it holds, and what forks, restarts and bad nodes do to it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { type PublicClient, createPublicClient, erc20Abi, http } from "viem";

import { fetchLedger } from "../../src/record/ledger.ts";
import { Follower } from "../../src/site/index/follow.ts";
import {
  type Database,
  type IndexPlace,
  IndexUnusableError,
  openDatabase,
  placeOf,
} from "../../src/site/index/database.ts";
import { HeadBrokenError } from "../../src/site/index/read-page.ts";
import { readReceipts } from "../../src/site/index/receipts.ts";
import { failureOf } from "../failure-of.ts";
import { type RpcNode, serveNode } from "../rpc-node.ts";
import { useServedFund } from "./served-fund.ts";

describe("index of the log", function () {
  const fund = useServedFund();
  let node: RpcNode;
  let folder: string;
  let database: Database;

  beforeEach(async function () {
    node = await serveNode(fund.served().world.market.chain);
    folder = mkdtempSync(join(tmpdir(), "tm100-index-"));
    database = openDatabase(join(folder, "index.db"), place());
  });

  afterEach(async function () {
    database.close();
    rmSync(folder, { recursive: true });
    await node.close();
  });

  const place = (): IndexPlace => {
    const { chainId, block, addresses } = fund.served().world.fund.deployment();
    return placeOf(chainId, addresses.vault, block);
  };
  const client = (): PublicClient =>
    createPublicClient({ transport: http(node.url, { retryCount: 0 }), cacheTime: 0, pollingInterval: 10 });
  const follower = (span?: number): Follower => new Follower({ client: client(), place: place() }, database, span);
  const ledger = () => {
    const { chainId, vault, firstBlock } = place();
    return fetchLedger({ client: client(), chainId, vault, fromBlock: BigInt(firstBlock) });
  };
  const count = (table: string): number => Number(database.one(`select count(*) as n from ${table}`)?.["n"]);
  const asked = (method: string): number => node.calls.filter((call) => call.method === method).length;

  it("holds every line that the chain has, and proves its end against the vault", async function () {
    const look = await follower().look();

    const { lines, end } = await ledger();
    const rows = database.all("select sequence, head, event, args, block, hash, time from lines order by sequence");
    expect(
      rows.map(({ args, hash, ...row }) => ({ ...row, args: JSON.parse(String(args)) as unknown, transaction: hash })),
    ).to.deep.equal(lines);
    expect(look.isProven).to.equal(true);
    expect(follower().end()).to.include(end);
  });

  it("is the same by pages of one block, of seven and of all", async function () {
    await follower().look();
    const whole = database.all("select * from lines");
    for (const span of [1, 7]) {
      database.close();
      database = openDatabase(join(folder, `${span}.db`), place());
      await follower(span).look();

      expect(database.all("select * from lines")).to.deep.equal(whole);
    }
  });

  it("asks only for new blocks after a restart", async function () {
    await follower().look();
    const before = asked("eth_getLogs");
    database.close();
    database = openDatabase(join(folder, "index.db"), place());

    const { lines } = await follower().look();

    expect([lines.length, asked("eth_getLogs") - before]).to.deep.equal([0, 0]);
  });

  it("adds the lines of a rebalance once, however often it looks", async function () {
    const index = follower();
    await index.look();
    const before = count("lines");
    await fund.tm100("rebalance", "--live", "--account", "keeper");

    const { lines } = await index.look();
    await index.look();

    expect(lines.length).to.be.greaterThan(5);
    expect(count("lines")).to.equal(before + lines.length);
  });

  it("says of each leg whether it was executed and in which rebalance", async function () {
    await fund.tm100("rebalance", "--live", "--account", "keeper");
    await follower().look();

    const { lines } = await ledger();
    const executed = lines.filter(({ event }) => event === "LegExecuted");
    const rows = database.all("select rebalance, position, executed from legs where executed = 1 order by sequence");
    expect(rows.map((row) => ({ ...row }))).to.deep.equal(
      executed.map(({ args }) => ({ rebalance: Number(args["id"]), position: Number(args["position"]), executed: 1 })),
    );
    expect(count("ends")).to.equal(2);
  });

  it("reads what a rebalance's transactions cost", async function () {
    await follower().look();

    await readReceipts(client(), database);

    const [{ gas, hash }] = database.all("select gas, hash from receipts") as unknown as [
      { gas: number; hash: `0x${string}` },
    ];
    const receipt = await client().getTransactionReceipt({ hash });
    expect(gas).to.equal(Number(receipt.gasUsed));
    expect(await readReceipts(client(), database)).to.equal(0);
  });

  it("keeps transfers of shares between accounts, and no minting", async function () {
    const { world } = fund.served();
    const { accounts, wallets } = world.market.chain;
    const { vault } = world.fund.addresses;
    await wallets.alice.writeContract({
      address: vault,
      abi: erc20Abi,
      functionName: "transfer",
      args: [accounts.carol.address, 5n],
    });

    await follower().look();

    const rows = database.all("select sender, receiver, shares from transfers where sender != ?", vault.toLowerCase());
    expect(rows.map((row) => ({ ...row })).filter(({ shares }) => shares === "5")).to.deep.equal([
      { sender: accounts.alice.address.toLowerCase(), receiver: accounts.carol.address.toLowerCase(), shares: "5" },
    ]);
  });

  describe("when the chain changes its mind", function () {
    it("takes out what the fork left behind and goes on with the other branch", async function () {
      const { chain } = fund.served().world.market;
      const index = follower();
      await index.look();
      const kept = index.end().sequence;
      const snapshot = await chain.snapshot();
      await fund.tm100("rebalance", "--live", "--account", "keeper");
      await index.look();
      await chain.revert(snapshot);
      await fund.tm100("redeem", "7", "--account", "alice");

      const { rolledBackTo, isProven } = await index.look();

      const { lines } = await ledger();
      expect([rolledBackTo, isProven]).to.deep.equal([kept, true]);
      expect(database.all("select head from lines order by sequence").map(({ head }) => head)).to.deep.equal(
        lines.map(({ head }) => head),
      );
      expect([count("legs"), count("starts")]).to.deep.equal([
        lines.filter(({ event }) => /^Leg[ES]/.test(event)).length,
        1,
      ]);
    });

    it("finds the fork below blocks without lines", async function () {
      const { chain } = fund.served().world.market;
      const index = follower();
      const snapshot = await chain.snapshot();
      for (let block = 0; block < 5; block++) {
        await chain.mine();
        await index.look();
      }
      await chain.revert(snapshot);
      await chain.mine(2);
      await fund.tm100("redeem", "7", "--account", "alice");

      const { isProven } = await index.look();

      expect(isProven).to.equal(true);
    });

    it("writes nothing of a page during which the chain changed", async function () {
      const index = follower();
      let blocks = 0;
      node.twist = async ({ method, params }, pass) => {
        if (method !== "eth_getBlockByNumber" || params[0] === "latest" || ++blocks > 1) return undefined;
        return { result: { ...((await pass()) as object), hash: `0x${"77".repeat(32)}` } };
      };

      const first = await index.look();
      const second = await index.look();

      expect([first.lines.length, first.isProven]).to.deep.equal([0, false]);
      expect(second.isProven).to.equal(true);
    });
  });

  describe("when the node is not to be trusted", function () {
    type RawLog = { readonly data: string; readonly topics: readonly string[] };

    it("refuses an altered line, and takes the true one from the same node later", async function () {
      const index = follower();
      node.twist = async ({ method }, pass) => {
        if (method !== "eth_getLogs") return undefined;
        const logs = (await pass()) as readonly RawLog[];
        return { result: logs.map((log) => ({ ...log, data: `0x${log.data.slice(2, 63)}7f3${log.data.slice(66)}` })) };
      };
      const altered = await failureOf(index.look());
      expect(count("lines")).to.equal(0);
      node.twist = undefined;

      const { isProven } = await index.look();

      expect(altered).to.be.instanceOf(Error);
      expect(isProven).to.equal(true);
    });

    it("refuses a log with a line missing", async function () {
      node.twist = async ({ method }, pass) =>
        method === "eth_getLogs" ? { result: ((await pass()) as readonly RawLog[]).toSpliced(30, 5) } : undefined;

      const refused = await failureOf(follower().look());

      expect(refused).to.be.instanceOf(HeadBrokenError);
      expect(count("lines")).to.equal(0);
    });

    it("gives back a log whose end is missing, and reads it again", async function () {
      node.twist = async ({ method }, pass) =>
        method === "eth_getLogs" ? { result: ((await pass()) as readonly RawLog[]).slice(0, -6) } : undefined;

      const index = follower();
      const { isProven, lines } = await index.look();
      node.twist = undefined;

      expect([isProven, lines, count("lines")]).to.deep.equal([false, [], 0]);
      expect((await index.look()).isProven).to.equal(true);
    });

    it("asks for halves of a range that it refuses", async function () {
      let refused = 0;
      node.twist = ({ method, params }) => {
        const [range] = params as readonly { readonly fromBlock: string; readonly toBlock: string }[];
        if (method !== "eth_getLogs" || Number(range?.toBlock) - Number(range?.fromBlock) <= 40) {
          return Promise.resolve(undefined);
        }
        refused++;
        return Promise.reject(new TypeError("query returned more than 10000 results"));
      };

      const { isProven } = await follower().look();

      expect(refused).to.be.greaterThan(0);
      expect(isProven).to.equal(true);
    });
  });

  describe("file", function () {
    it("of another vault is refused and stays as it is", function () {
      const other = { ...place(), vault: `0x${"11".repeat(20)}` as const };

      expect(() => openDatabase(join(folder, "index.db"), other)).to.throw(IndexUnusableError, place().vault);
    });

    it("that is no database is refused by name", function () {
      const file = join(folder, "text.db");
      writeFileSync(file, "this is no database, but long enough to be taken for one at a first glance ".repeat(20));

      expect(() => openDatabase(file, place())).to.throw(IndexUnusableError, file);
    });

    it("of an earlier version is made anew", async function () {
      await follower().look();
      database.run("pragma user_version = 0");
      database.close();

      database = openDatabase(join(folder, "index.db"), place());

      expect(count("lines")).to.equal(0);
    });
  });
});
