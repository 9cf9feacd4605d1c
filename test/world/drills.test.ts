// Runs the commands of docs/operations.md, in their order, against a fund that was handed over to its owner.
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { type Address, type Hex, bytesToHex, padHex } from "viem";

import { delayedAccessManagerAbi } from "../../src/core/abi.ts";
import { DAY, dateOf, exitTargetId, startOfDay } from "../../src/core/time.ts";
import { ppm, unixSeconds } from "../../src/core/units.ts";
import { contractsOf } from "../../src/execute/contracts.ts";
import { handOver } from "../../src/execute/hand-over.ts";
import { writeKeystore } from "../../src/execute/keystore.ts";
import { type Target, chainTarget, chainWeights, publishTarget, signTarget } from "../../src/execute/publish.ts";
import { send } from "../../src/execute/send.ts";
import type { AccountName } from "../../src/world/dev-accounts.ts";
import { senderOf } from "../../src/world/week.ts";
import { type CliRun, runCli } from "../cli-run.ts";
import { documentCommands, runDocumented } from "../operations-commands.ts";
import { PENDING_ID, useServedFund } from "./served-fund.ts";

/** Whose key stands in which file of the document. */
const KEYS: Readonly<Record<string, AccountName>> = {
  keeper: "keeper",
  guardian: "guardian",
  "new-keeper": "carol",
  anyone: "stranger",
};
const MULTISIG: AccountName = "dave";
const [KEEPER_ROLE, SIGNER_ROLE] = [1n, 3n];
const COMMANDS = documentCommands();

describe("the commands of docs/operations.md", function () {
  const fund = useServedFund();
  let otherRpc: string;
  const done = new Set<string>();

  const world = () => fund.served().world;
  const chain = () => world().market.chain;
  const contracts = () => contractsOf(world().fund.deployment());
  const address = (name: AccountName): Address => chain().accounts[name].address;
  const journal = () => fund.served().deployment.replace(/\.json$/, ".keeper.sqlite");

  before(async function () {
    const { addresses, block } = world().fund.deployment();
    await handOver(
      { wallet: chain().wallets.owner, reader: chain().publicClient },
      { addresses, fromBlock: BigInt(block) },
      {
        ...{ owner: address(MULTISIG), keeper: address("keeper") },
        ...{ guardian: address("guardian"), signer: address("signer") },
      },
    );
    otherRpc = await chain().serve(0);
    for (const [file, name] of Object.entries(KEYS)) {
      const key = chain().accounts[name].getHdKey().privateKey ?? new Uint8Array();
      const password = `the password of ${name}`;
      const place = join(fund.served().folder, file);
      await writeKeystore(`${place}.json`, bytesToHex(key), { password, scryptCost: 16 });
      writeFileSync(`${place}.password`, `${password}\n`);
    }
  });
  beforeEach(async function () {
    for (const end of ["", "-wal", "-shm"]) rmSync(`${journal()}${end}`, { force: true });
    await fund.tm100("keeper", "resume"); // begins the journal
  });

  /** Gives the commands under a heading one after the other; each must end well. */
  const walk = (heading: string): (() => Promise<CliRun>) => {
    done.add(heading);
    const commands = [...(COMMANDS.get(heading) ?? [])];
    const { folder, rpc, deployment } = fund.served();
    const values = {
      ...{ RPC: rpc, OTHER_RPC: otherRpc, FUND: deployment, CHAIN: "31337", DATA: "simulated" },
      ...{ KEEPER: address("keeper"), NEW_KEEPER: address("carol") },
      ...{ SIGNER: address("signer"), NEW_SIGNER: address("bob") },
    };
    return async () => {
      const command = commands.shift() ?? "";
      const run = await runDocumented(command, { folder, values });
      expect([command, run.code, run.err]).to.deep.equal([command, 0, ""]);
      return run;
    };
  };
  const count = (heading: string): number => COMMANDS.get(heading)?.length ?? 0;

  const hasRole = async (role: bigint, name: AccountName): Promise<boolean> => {
    const manager = { address: world().fund.addresses.accessManager, abi: delayedAccessManagerAbi };
    const args = [role, address(name)] as const;
    return (await chain().publicClient.readContract({ ...manager, functionName: "hasRole", args }))[0];
  };

  /** Sends what the owner was told to, nine days apart. */
  const obey = async (told: string): Promise<void> => {
    const [announce, carryOut] = [...told.matchAll(/to {4}(0x\w{40})\n.*\n +data {2}(0x\w+)/g)].map(([, to, data]) => ({
      to: to as Address,
      data: data as Hex,
    }));
    if (announce === undefined || carryOut === undefined) throw new TypeError("two transactions are printed");
    await chain().send(address(MULTISIG), announce);
    await chain().advanceTo(unixSeconds((await chain().now()) + 9 * DAY - 60));
    const tooEarly = await chain()
      .send(address(MULTISIG), carryOut)
      .then(
        () => false,
        () => true,
      );
    expect(tooEarly).to.equal(true);
    await chain().advanceTo(unixSeconds((await chain().now()) + 60));
    await chain().send(address(MULTISIG), carryOut);
  };

  /** An exit of today, signed and published by anybody. */
  const publishExit = async (): Promise<Target> => {
    const { market, fund: local } = world();
    await market.moveTo({ prices: new Map(), at: unixSeconds((await chain().now()) + 3600), steps: 1 });
    const now = await chain().now();
    const weights = { "usd-coin": 600_000, tether: 200_000, dai: 200_000 };
    const sorted = Object.entries(weights)
      .map(([coinId, part]) => ({ asset: local.indexOf(coinId), part: ppm(part) }))
      .sort((a, b) => a.asset - b.asset);
    const target: Target = {
      ...{ id: exitTargetId(dateOf(now)), regime: "bear", twinLevel: 10n ** 21n },
      ...{ decisionHash: padHex("0x1", { size: 32 }), membershipRoot: padHex("0x2", { size: 32 }) },
      weights: { assets: sorted.map(({ asset }) => asset), parts: sorted.map(({ part }) => part) },
      validFrom: unixSeconds(startOfDay(dateOf(now)) + 1800),
      validUntil: unixSeconds(now + 6 * DAY),
    };
    const deployment = local.deployment();
    const place = { chainId: deployment.chainId, registry: deployment.addresses.registry };
    const signature = await signTarget(chain().accounts.signer, target, place);
    await publishTarget(senderOf(world(), "stranger"), deployment, { target, signature });
    return target;
  };
  const regime = () => chain().publicClient.readContract({ ...contracts().registry, functionName: "regime" });

  it("make a key and show whose it is", async function () {
    const { folder } = fund.served();
    const [make = "", show = ""] = COMMANDS.get("Keys and roles") ?? [];
    done.add("Keys and roles");
    writeFileSync(join(folder, "own.password"), "a password\n");
    const own = (command: string) => runDocumented(command.replaceAll("keeper.", "own."), { folder, values: {} });

    const [made, shown] = [await own(make), await own(show)];

    expect([made.code, shown.code, count("Keys and roles")]).to.deep.equal([0, 0, 2]);
    expect(shown.out).to.equal(made.out);
  });

  it("look at a new fund before anything is sent", async function () {
    const next = walk("First deployment");

    const [doctor, status, dry] = [await next(), await next(), await next()];

    expect(count("First deployment")).to.equal(3);
    expect(doctor.out).to.match(/^keeper's key +ok /m);
    expect(status.out).to.contain("NAV");
    expect(dry.out).to.contain("Nothing was sent");
  });

  it("put another keeper in after nine days, while anybody carries out an exit", async function () {
    const next = walk("Lost keeper key");

    await obey((await next()).out);
    const doctor = await next();
    await publishExit();
    await chain().advanceTo(unixSeconds((await chain().now()) + 7201));
    const exit = await next();

    expect([await hasRole(KEEPER_ROLE, "keeper"), await hasRole(KEEPER_ROLE, "carol")]).to.deep.equal([false, true]);
    expect(doctor.out).to.match(new RegExp(`^keeper's key +ok +${address("carol")}`, "m"));
    expect(exit.out).to.contain("Finished: NAV");
    expect(await regime()).to.equal(0);
  });

  it("take a stolen key's role away at once, with that key, and stop buying", async function () {
    const next = walk("Stolen keeper key");

    const paused = await next();
    await next();
    const thief = await fund.tm100("rebalance", "--live", "--account", "keeper");
    await next();

    expect(paused.out).to.contain("the key was copied");
    expect([thief.code, thief.err]).to.satisfy(
      ([code, err]: [number, string]) => code === 5 && err.includes("ROLE_MISSING"),
    );
    const until = await chain().publicClient.readContract({ ...contracts().venue, functionName: "buyingPausedUntil" });
    expect(Number(until) - (await chain().now())).to.be.within(7 * DAY - 60, 7 * DAY);
    expect(count("Stolen keeper key")).to.equal(3);
  });

  it("put another signer in", async function () {
    const next = walk("Lost signer key");

    await obey((await next()).out);

    expect([await hasRole(SIGNER_ROLE, "signer"), await hasRole(SIGNER_ROLE, "bob")]).to.deep.equal([false, true]);
  });

  it("veto a wrong decision; an exit supersedes what has begun", async function () {
    const next = walk("Wrong decision");

    const plan = await next();
    const veto = await next();
    const status = await next();

    expect(plan.out).to.contain("legs");
    expect(veto.out).to.contain(`veto target ${PENDING_ID}`);
    expect(status.out).to.not.contain(`rebalance:${PENDING_ID}`);
    const { id } = await publishExit();
    const superseded = await fund.tm100(
      "keeper",
      "run",
      "--live",
      "--once",
      "--chain-id",
      "31337",
      "--account",
      "keeper",
    );
    expect(superseded.out).to.contain(`done  rebalance:${id}`);
    expect(await regime()).to.equal(0);
  });

  it("go on with other nodes", async function () {
    const next = walk("Dead RPC");
    const dead = await runCli(["doctor", "--rpc", "http://127.0.0.1:1", "--deployment", fund.served().deployment]);

    const doctor = await next();
    const run = await next();

    expect(dead.code).to.not.equal(0);
    expect(doctor.out).to.match(/^chain +ok /m);
    expect(run.out).to.contain(`done  rebalance:${PENDING_ID}`);
  });

  it("stop deposits, a coin, and the first budget of an exit", async function () {
    const next = walk("Depeg");
    const early = await fund.tm100("guard", "agree-exit", "--account", "guardian");
    const target = await publishExit();
    await send(senderOf(world(), "keeper"), {
      ...{ ...contracts().rebalancer, functionName: "execute", action: "start the exit" },
      args: [chainTarget(target), chainWeights(target.weights), [], 0n],
    });

    await next();
    await next();
    await next();

    expect([early.code, early.err]).to.satisfy(
      ([code, err]: [number, string]) => code === 5 && err.includes("no exit is under way"),
    );
    const { rebalancer, venue } = contracts();
    const running = await chain().publicClient.readContract({ ...rebalancer, functionName: "running" });
    const closed = await chain().publicClient.readContract({ ...venue, functionName: "closedSet" });
    expect(running.isExtraAgreed).to.equal(true);
    expect((closed >> BigInt(world().fund.indexOf("tether"))) & 1n).to.equal(1n);
  });

  it("write a damaged journal anew and go on", async function () {
    const next = walk("Damaged journal");
    await fund.tm100("keeper", "run", "--live", "--once", "--chain-id", "31337", "--account", "keeper");
    truncateSync(journal(), 5000);
    const damaged = await fund.tm100("keeper", "status");

    const rebuilt = await next();
    const status = await next();
    const run = await next();

    expect(damaged.code).to.not.equal(0);
    expect(rebuilt.out).to.contain("from the chain: ");
    expect(status.out).to.not.contain(`due   rebalance:${PENDING_ID}`);
    expect(run.out).to.contain("Nothing is due.");
  });

  it("are all run here", function () {
    expect([...COMMANDS.keys()].filter((heading) => !done.has(heading))).to.deep.equal([]);
  });
});
