// Two funds side by side on a rehearsed network, and a Safe that holds shares, for the tests of the move between them.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { type Address, encodeFunctionData, erc20Abi } from "viem";

import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { addDays, isoDate } from "../../../src/core/time.ts";
import { tokenUnits } from "../../../src/core/units.ts";
import type { Decision } from "../../../src/engine/decision.ts";
import { decisionsBetween } from "../../../src/engine/run.ts";
import { deployNetwork } from "../../../src/execute/deploy/deploy-network.ts";
import { PROBE_UNITS } from "../../../src/execute/deploy.ts";
import { deploymentOf } from "../../../src/execute/deploy/plan.ts";
import { type Deployment, writeDeployment } from "../../../src/execute/deployment.ts";
import { type Depositor, fetchClaimableOf } from "../../../src/execute/depositor.ts";
import { fetchAccount, navPerShare } from "../../../src/execute/read-account.ts";
import { type SafeBatch, type SafeCall, safeBatch } from "../../../src/execute/safe-batch.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../../src/market/simulate.ts";
import type { AccountName } from "../../../src/world/dev-accounts.ts";
import { UnknownCoinError } from "../../../src/world/coin.ts";
import type { LocalFund } from "../../../src/world/fund.ts";
import type { MarketSnapshot } from "../../../src/world/market.ts";
import { FIRST_SATURDAY, REHEARSAL_START } from "../../../src/world/rehearsal/calendar.ts";
import { withCoinsOf } from "../../../src/world/rehearsal/cycle.ts";
import { type Safe, executeBatch, openSafe } from "../../../src/world/rehearsal/safe.ts";
import { runWeek, senderOf } from "../../../src/world/week.ts";
import { type CliRun, runCli } from "../../cli-run.ts";
import { type OpenRehearsal, openRehearsal } from "./support.ts";

const MONDAY = isoDate("2023-01-30");

/** What `migrate --json` prints, as far as tests read it. */
export type Printed = {
  readonly step: string;
  readonly way: string | null;
  readonly batches: readonly { readonly file: string; readonly gas: string }[];
  /** With the deposit coins {wholeTok} that the move comes to. */
  readonly cost: { readonly USDC: string; readonly tradingBps: number; readonly swingBps: number } | null;
  readonly stays: readonly { readonly symbol: string; readonly reason: string }[];
};

/** Two funds, and who moves from the old one to the new one. */
export class Migration {
  readonly open: OpenRehearsal;
  readonly holder: Safe;
  readonly old: Deployment;
  readonly next: Deployment;
  readonly #rpc: string;
  readonly #decision: Decision;

  private constructor(facts: Pick<Migration, "open" | "holder" | "old" | "next">, rpc: string, decision: Decision) {
    ({ open: this.open, holder: this.holder, old: this.old, next: this.next } = facts);
    this.#rpc = rpc;
    this.#decision = decision;
  }

  /** Both funds are deployed and empty; it is the Saturday before the first Monday. */
  static async start(): Promise<Migration> {
    const open = await openRehearsal("base.json", REHEARSAL_START);
    const { market, owner, network } = open;
    const holder = await openSafe(market.chain, owner.house, ["carol", "dave", "stranger"]);
    const old = await deploy(open, "1");
    for (const { coinId } of network.assets.slice(2)) {
      await market.give(coinId, market.chain.accounts.deployer.address, tokenUnits(PROBE_UNITS));
    }
    const next = await deploy(open, "2");
    await market.moveTo({ prices: new Map(), at: FIRST_SATURDAY, steps: 1 });
    const range = { from: MONDAY, to: addDays(MONDAY, 7), opened: MONDAY };
    const [decision] = [...decisionsBetween(simulateMarket(DEFAULT_SIMULATION), range, DEFAULT_PARAMETERS)];
    if (decision === undefined) throw new TypeError("a Monday has a decision");
    return new Migration({ open, holder, old, next }, await market.chain.serve(0), withCoinsOf(network, decision));
  }

  /** A file of a fund: "1" is the old one. */
  file(fund: "1" | "2", name = "fund.json"): string {
    return join(this.open.folder, fund, name);
  }

  /** Where batches are written. */
  get out(): string {
    return join(this.open.folder, "batches");
  }

  at(name: AccountName, deployment: Deployment): Depositor {
    return { ...senderOf({ market: this.open.market, fund: fundOf(deployment) }, name), deployment };
  }

  /** Gives away new deposit coins. */
  async give(to: Address, amount: bigint): Promise<void> {
    await this.open.market.give("usd-coin", to, tokenUnits(amount));
  }

  /** A week of a fund in the market, some weeks after the first; prices stay as they are. */
  async week(deployment: Deployment, later: number): Promise<void> {
    const world = { market: this.open.market, fund: fundOf(deployment) };
    const decision = { ...this.#decision, date: addDays(MONDAY, 7 * later) };
    const done = await runWeek(world, { decision, quotes: new Map(), steps: 1 });
    expect([done.decision.regime, done.unfinished]).to.deep.equal(["bull", undefined]);
  }

  /** A Safe sends a batch of its own. */
  async send(safe: Safe, calls: readonly SafeCall[]): Promise<void> {
    const titled = { chainId: 31337, safe: safe.address, name: "own", description: "", createdAt: 0 };
    await executeBatch(this.open.market.chain, safe, safeBatch(titled, calls));
  }

  /** Lets a contract take deposit coins. */
  approval(spender: Address, amount: bigint): SafeCall {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [spender, amount] });
    return { to: this.open.market.usdc, data };
  }

  /** A command on the old fund. */
  async tm100(...args: string[]): Promise<CliRun> {
    return runCli([...args, "--rpc", this.#rpc, "--deployment", this.file("1")]);
  }

  /** Bob's command on a fund, which must succeed. */
  async bob(command: string, fund: "1" | "2"): Promise<void> {
    const args = [...command.split(" "), "--account", "bob", "--rpc", this.#rpc, "--deployment", this.file(fund)];
    const run = await runCli(args);
    expect([run.code, run.err]).to.deep.equal([0, ""]);
  }

  /** The holder's next step. */
  async step(...args: string[]): Promise<Printed> {
    const ends = ["--to", this.file("2"), "--holder", this.holder.address, "--out", this.out];
    const run = await this.tm100("migrate", ...ends, "--json", ...args);
    expect([run.code, run.err]).to.deep.equal([0, ""]);
    return JSON.parse(run.out) as Printed;
  }

  /** Why `migrate` refuses. */
  async refusal(...args: string[]): Promise<string> {
    const run = await this.tm100("migrate", "--out", this.out, ...args);
    expect(run.code).to.be.above(1);
    return run.err;
  }

  /** The holder carries out what was written; no batch may take more gas than was said, or much less. */
  async signed({ batches }: Printed): Promise<void> {
    const { chain } = this.open.market;
    for (const { file, gas } of batches) {
      const hash = await executeBatch(chain, this.holder, JSON.parse(await readFile(file, "utf8")) as SafeBatch);
      const { gasUsed } = await chain.publicClient.getTransactionReceipt({ hash });
      expect(Number(gas) / Number(gasUsed), `${file}: ${gasUsed} gas of ${gas}`).to.be.within(1, 1.8);
    }
  }

  /** Plans the next step and carries it out. */
  async go(...args: string[]): Promise<Printed> {
    const printed = await this.step(...args);
    await this.signed(printed);
    return printed;
  }

  /** D18{USD} of an account's shares, with those that only have to be claimed. */
  async worth(deployment: Deployment, account: Address): Promise<bigint> {
    const fund = { client: this.open.client, deployment };
    const [view, { depositShares }] = [await fetchAccount(fund, account), await fetchClaimableOf(fund, account)];
    return ((view.shares + depositShares) * navPerShare(view)) / 10n ** 18n;
  }

  /** {tok} */
  async balance(token: Address, account: Address): Promise<bigint> {
    return this.open.client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [account] });
  }
}

/** With the files that `deploy` leaves and `migrate` reads. */
async function deploy(open: OpenRehearsal, fund: string): Promise<Deployment> {
  const folder = join(open.folder, fund);
  await mkdir(folder);
  const { plan, fromBlock } = await deployNetwork({ ...open.deployer, folder, fund }, open.network);
  const deployment = deploymentOf(plan, Number(fromBlock) + 1);
  await writeDeployment(join(folder, "fund.json"), deployment);
  await writeFile(join(folder, "network.json"), JSON.stringify(open.network));
  return deployment;
}

/** {bps} That a value lost. */
export function lostBps(before: bigint, after: bigint): number {
  return Number(((before - after) * 1_000_000n) / before) / 100;
}

/** A deployed fund as weeks are lived through with it; the owner alone lists coins by now. */
function fundOf(deployment: Deployment): LocalFund {
  return {
    addresses: deployment.addresses,
    deployment: () => deployment,
    indexOf: (coinId) => {
      const asset = deployment.assets.find((one) => one.coinId === coinId);
      if (asset === undefined) throw new UnknownCoinError(coinId);
      return asset.index;
    },
    listNewCoins: () => Promise.resolve(),
  };
}

/** A move for the tests of a `describe`, each of which begins where `prepare` left it. */
export function useMigration(prepare: (move: Migration) => Promise<void> | void): void {
  let move: Migration;
  let saved: MarketSnapshot;
  before(async function () {
    move = await Migration.start();
    await prepare(move);
  });
  after(async function () {
    await move.open.close();
  });
  beforeEach(async function () {
    saved = await move.open.market.snapshot();
  });
  afterEach(async function () {
    await move.open.market.revert(saved);
  });
}
