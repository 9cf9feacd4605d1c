// Opens what commands for a real network are run on: its rehearsal on a local chain, keys in files, explorers that answer.
import { type Address, type Hex, bytesToHex, custom } from "viem";

import { tokenUnits } from "../../src/core/units.ts";
import { PROBE_UNITS } from "../../src/execute/deploy.ts";
import { readRecord } from "../../src/execute/deploy/record.ts";
import { readDeployment } from "../../src/execute/deployment.ts";
import { depositAtOnce } from "../../src/execute/depositor.ts";
import { writeKeystore } from "../../src/execute/keystore.ts";
import { type Network, type NetworkAsset, type NetworkRoles, readNetwork } from "../../src/execute/network.ts";
import type { AccountName } from "../../src/world/dev-accounts.ts";
import { attach } from "../../src/world/rehearsal/attached.ts";
import { openBook } from "../../src/world/rehearsal/book.ts";
import { CYCLE, REHEARSAL_START } from "../../src/world/rehearsal/calendar.ts";
import { playPart } from "../../src/world/rehearsal/cycle.ts";
import { outlineOf } from "../../src/world/rehearsal/outline.ts";
import { type Rehearsal, rehearsalOf } from "../../src/world/rehearsal/stand-ins.ts";
import { type AnswerServer, answerServer } from "../answer-server.ts";
import type { Checkout } from "./checkout.ts";

const DEPLOYED = "deployments/31337";
/** Where `deploy` leaves the fund. */
export const FUND = `${DEPLOYED}/fund.json`;
/** What anybody does for a new fund before its first week. */
export const UPKEEP = "tm100 upkeep --live";
/** Of every keystore that is written here. */
export const PASSWORD = "the password of a reader";
/** {tok} 10,000 USDC. */
const CASH = 10_000n * 10n ** 6n;
const KEYS = ["deployer", "keeper", "bob"] as const satisfies readonly AccountName[];
/** In the words of Etherscan's documentation of `getsourcecode`, `verifysourcecode` and `checkverifystatus`. */
const EXPLORER = [
  { status: "1", message: "OK", result: [{ SourceCode: "", ABI: "Contract source code not verified" }] },
  { status: "1", message: "OK", result: "ezq878u486pzijkvvmerl6a9mzwhv6sefgvqi5tkwceejc7tvn" },
  { status: "1", message: "OK", result: "Pass - Verified" },
  { status: "1", message: "OK", result: [{ SourceCode: "contract A {}", ABI: "[]" }] },
];

/** A network's chain, a fund that commands deploy on it, and what else these ask. */
export class NetworkWorld {
  readonly rpc: string;
  readonly roles: NetworkRoles;
  /** Left out of the file that the fund is deployed from, so that its owner can list it. */
  readonly spare: NetworkAsset;
  readonly #checkout: Checkout;
  readonly #rehearsal: Rehearsal;
  #explorer: AnswerServer | undefined;
  #before: Hex | undefined;

  private constructor(checkout: Checkout, rehearsal: Rehearsal, rpc: string) {
    const { network } = rehearsal;
    const spare = network.assets.at(-1);
    if (network.roles === undefined || spare === undefined) throw new TypeError("a rehearsal has roles and coins");
    this.#checkout = checkout;
    this.#rehearsal = rehearsal;
    this.rpc = rpc;
    this.roles = network.roles;
    this.spare = spare;
  }

  /** Opens Base's. */
  static async open(checkout: Checkout): Promise<NetworkWorld> {
    const rehearsal = await rehearsalOf(
      await readNetwork(checkout.at("deployments/networks/base.json")),
      REHEARSAL_START,
    );
    const { chain } = rehearsal.market;
    const world = new NetworkWorld(checkout, rehearsal, await chain.serve(0));
    for (const name of KEYS) {
      await writeKeystore(checkout.at(`${name}.json`), world.#keyOf(name), { password: PASSWORD, scryptCost: 16 });
    }
    checkout.write("api.key", "SECRETKEY\n");
    return world;
  }

  /** The file of the network with stand-ins, where `base` names it; and one with a coin that the fund lacks. */
  writeFiles(): void {
    const { network } = this.#rehearsal;
    this.#checkout.write("deployments/networks/base.json", JSON.stringify(this.#deployed()));
    this.#checkout.write("with-another-coin.json", JSON.stringify(network));
  }

  /** The address of an account. */
  readonly accountOf = (name: AccountName): Address => this.#rehearsal.market.chain.accounts[name].address;

  /** The keeper's key, which everybody knows. */
  keeperKey(): Hex {
    return this.#keyOf("keeper");
  }

  /** The units of each token that another deployment needs. */
  async giveProbes(): Promise<void> {
    for (const { coinId } of this.#deployed().assets.slice(2)) {
      await this.#rehearsal.market.give(coinId, this.accountOf("deployer"), tokenUnits(PROBE_UNITS));
    }
  }

  /** A week in the market and a week out of it; then bob comes, with money to come once more. */
  async live(): Promise<void> {
    const { market } = this.#rehearsal;
    const deployment = await readDeployment(this.#checkout.at(FUND));
    const outline = outlineOf({ ...this.#rehearsal, network: this.#deployed() });
    const transport = custom(market.chain.provider, { retryCount: 0 });
    const stage = { ...attach(transport, outline, openBook()), deployment };
    for (const part of CYCLE) {
      if (part.kind === "upkeep") {
        await this.#checkout.run(`${UPKEEP} --account stranger --rpc ${this.rpc} --deployment ${FUND}`);
      } else await playPart(stage, part);
    }
    await market.give("usd-coin", this.accountOf("bob"), tokenUnits(2n * CASH));
    const { publicClient: client, wallets } = market.chain;
    await depositAtOnce({ client, wallet: wallets.bob, deployment }, CASH);
    this.#before = await market.chain.snapshot();
  }

  /** To where {@link live} left the chain: each way out is taken with all shares. */
  async back(): Promise<void> {
    const { chain } = this.#rehearsal.market;
    if (this.#before === undefined) throw new TypeError("live comes first");
    await chain.revert(this.#before);
    this.#before = await chain.snapshot();
  }

  /** A server that answers as the services that verify sources do: one contract is to be sent, the others are known. */
  async explorer(): Promise<string> {
    await this.#explorer?.close();
    const { contracts } = await readRecord(this.#checkout.at(DEPLOYED));
    const known = contracts.map(({ address }) => {
      const match = { match: "exact_match", creationMatch: null, runtimeMatch: "exact_match" };
      return [`/v2/contract/31337/${address}`, [{ body: { ...match, chainId: "31337", address } }]] as const;
    });
    this.#explorer = await answerServer({ ...Object.fromEntries(known), "/api": EXPLORER.map((body) => ({ body })) });
    return this.#explorer.url;
  }

  async close(): Promise<void> {
    await this.#explorer?.close();
    await this.#rehearsal.market.close();
  }

  #keyOf(name: AccountName): Hex {
    return bytesToHex(this.#rehearsal.market.chain.accounts[name].getHdKey().privateKey ?? new Uint8Array());
  }

  #deployed(): Network {
    const { network } = this.#rehearsal;
    return { ...network, assets: network.assets.filter((asset) => asset !== this.spare) };
  }
}
