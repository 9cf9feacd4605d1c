import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import {
  TokenListUnreadableError,
  readCoinPlaces,
  readFeedList,
  readPoolList,
  readTokenList,
} from "../../../../src/market/sources/network-lists.ts";
import { realDataOrSkip } from "../../../real-data.ts";

/** A token list with one token at an address. */
async function listWith(address: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "list-")), "list.json");
  const tokens = [{ chainId: 1, address, name: "USD Coin", symbol: "USDC", decimals: 6 }];
  await writeFile(path, JSON.stringify({ name: "Mine", version: { major: 1, minor: 2, patch: 3 }, tokens }));
  return path;
}

describe("readTokenList", function () {
  it("names the list with its version", async function () {
    const path = await listWith("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");

    const { name, tokens } = readTokenList(path, new Set([1]));

    expect(name).to.equal("Mine 1.2.3");
    expect(tokens.map(({ symbol, decimals }) => [symbol, decimals])).to.deep.equal([["USDC", 6]]);
  });

  it("refuses an entry with a wrong checksum by its symbol", async function () {
    const path = await listWith("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eb48"); // the last B made small

    expect(() => readTokenList(path, new Set([1]))).to.throw(
      TokenListUnreadableError,
      /USDC of chain 1, which has a wrong checksum/,
    );
  });

  it("refuses what is no list", async function () {
    const path = join(await mkdtemp(join(tmpdir(), "list-")), "list.json");
    await writeFile(path, "{}");

    expect(() => readTokenList(path, new Set([1]))).to.throw(TokenListUnreadableError, /what is not one/);
  });
});

describe("the lists of the data folder", function () {
  let folder: string;

  before(function () {
    folder = realDataOrSkip(this);
  });

  it("say where Aave's token is on Ethereum", function () {
    // As published by Aave.
    expect(readCoinPlaces(folder).get("aave")?.addresses.get(1)).to.equal("0x7fc66500c84a76ad7e9c93437bfc5ac33e2ddae9");
  });

  it("have ether's feed on Base, in USD, with eight decimals", function () {
    const feed = readFeedList(folder).find(({ chainId, base }) => chainId === 8453 && base === "eth");

    // As published by Chainlink.
    expect([feed?.address, feed?.decimals, feed?.heartbeat]).to.deep.equal([
      "0x71041dddad3595F9CEd3DcCFBe3D1F4b0a16Bb70",
      8,
      1200,
    ]);
  });

  it("have 884 pools on Ethereum", function () {
    expect(readPoolList(folder).size).to.equal(884); // as the folder's README counts them
  });
});
