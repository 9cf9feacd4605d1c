import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import {
  type Network,
  NetworkUnreadableError,
  boundsOf,
  cashOf,
  parseNetwork,
  readNetwork,
} from "../../../src/execute/network.ts";
import { sdkCore } from "../../../src/plan/uniswap.ts";
import { at } from "../config/networks/support.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "..", "deployments", "networks");

/** Base's file, to be spoiled. */
async function base(): Promise<Network> {
  return structuredClone(await readNetwork(join(FOLDER, "base.json")));
}

/** What is said about a network that was spoiled. */
async function faultOf(spoil: (network: Network) => void): Promise<string> {
  const network = await base();
  spoil(network);
  try {
    parseNetwork(network, "base.json");
  } catch (error) {
    expect(error).to.be.instanceOf(NetworkUnreadableError);
    return (error as NetworkUnreadableError).message;
  }
  return "nothing";
}

describe("readNetwork", function () {
  it("reads every file of deployments/networks", async function () {
    const files = (await readdir(FOLDER)).filter((name) => name.endsWith(".json"));

    const networks = await Promise.all(files.map((file) => readNetwork(join(FOLDER, file))));

    expect(networks.map(({ name }) => `${name}.json`)).to.have.members(files);
    expect(networks.map(({ chainId }) => chainId)).to.include.members([1, 8453, 42161, 84532, 11155111]);
    const routers = networks.map(({ chainId, router }) => [router?.address, sdkCore.SWAP_ROUTER_02_ADDRESSES(chainId)]);
    expect(routers.filter(([written, published]) => written !== published)).to.deep.equal([]);
  });

  it("refuses a token with a wrong checksum and says how it would be written", async function () {
    const message = await faultOf((network) => {
      // Base's USDC, with the last capital made small.
      Object.assign(cashOf(network), { token: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913".replace("bdA", "bda") });
    });

    expect(message).to.match(/wrong checksum.*0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913/s);
  });

  it("refuses a coin that is listed twice", async function () {
    const message = await faultOf((network) => network.assets.push({ ...cashOf(network), token: at("7") }));

    expect(message).to.include("usd-coin is listed twice");
  });

  it("refuses an asset with neither feed nor pool", async function () {
    const message = await faultOf((network) => {
      const { feed, ...weth } = network.assets[1] as Network["assets"][number];
      expect(feed).not.to.equal(undefined);
      network.assets.push({ ...weth, coinId: "bare", token: at("7"), pools: [] });
    });

    expect(message).to.include("bare has neither a feed nor a pool");
  });

  it("refuses a keeper that is the signer too", async function () {
    const message = await faultOf((network) => {
      Object.assign(network, { roles: { owner: at("1"), guardian: at("2"), keeper: at("3"), signer: at("3") } });
    });

    expect(message).to.include(`keeper and signer must be different addresses, but are ${at("3")}`);
  });

  it("says where it looked when there is no file", async function () {
    const error = await readNetwork("/nowhere/moon.json").catch((reason: unknown) => reason);

    expect((error as NetworkUnreadableError).message).to.match(/at \/nowhere\/moon\.json, found none/);
  });
});

describe("boundsOf", function () {
  it("gives a feed's bounds with 18 decimals", async function () {
    const network = await base();

    const { feed } = cashOf(network);
    // 0.01 and 100 USD.
    expect(feed === undefined ? undefined : boundsOf(feed)).to.deep.equal({ low: 10n ** 16n, high: 10n ** 20n });
  });
});
