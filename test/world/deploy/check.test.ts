import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { type Address, encodeFunctionData, getAddress, parseAbi } from "viem";

import { type NetworkFault, checkNetwork } from "../../../src/execute/check-network.ts";
import { type Network, type NetworkAsset, readNetwork } from "../../../src/execute/network.ts";
import { openPool } from "../../../src/world/other-pools.ts";
import type { FeeTier } from "../../../src/world/uniswap.ts";
import { runCli } from "../../cli-run.ts";
import { failureOf } from "../../failure-of.ts";
import { useRehearsal } from "./support.ts";

/** {tok} 10,000 USDC. */
const DEPTH = 10_000_000_000n;
const MEMORY_ABI = parseAbi(["function increaseObservationCardinalityNext(uint16 slots)"]);
const NOWHERE = getAddress(`0x${"12".repeat(20)}`);

describe("checkNetwork", function () {
  const now = useRehearsal("base.json");

  const assetOf = (coinId: string): NetworkAsset => {
    const asset = now().network.assets.find((one) => one.coinId === coinId);
    if (asset === undefined) throw new TypeError(`Base's file has ${coinId}`);
    return asset;
  };

  /** The network with one asset changed. */
  const withAsset = (coinId: string, part: Partial<NetworkAsset>): Network => ({
    ...now().network,
    assets: now().network.assets.map((asset) => (asset.coinId === coinId ? { ...asset, ...part } : asset)),
  });

  const withFeed = (coinId: string, part: Partial<NonNullable<NetworkAsset["feed"]>>): Network => {
    const { feed } = assetOf(coinId);
    if (feed === undefined) throw new TypeError(`${coinId} has a feed`);
    return withAsset(coinId, { feed: { ...feed, ...part } });
  };

  /** What is found, in short. */
  const faultsOf = async (network: Network): Promise<string[]> => {
    const { faults } = await checkNetwork(now().client, network, DEPTH);
    return faults.map(({ entry, kind, expected, found }: NetworkFault) => `${entry} ${kind}: ${expected} / ${found}`);
  };

  it("finds nothing wrong with what stands as the file says", async function () {
    expect(await faultsOf(now().network)).to.deep.equal([]);
  });

  it("names a token without code, one of other decimals and one of another symbol", async function () {
    expect((await faultsOf(withAsset("bitcoin", { token: NOWHERE })))[0]).to.equal(
      "bitcoin no-code: a contract / no code",
    );
    expect(await faultsOf(withAsset("bitcoin", { decimals: 18 }))).to.deep.equal(["bitcoin decimals: 18 / 8"]);
    expect(await faultsOf(withAsset("bitcoin", { symbol: "WBTC" }))).to.deep.equal(["bitcoin symbol: WBTC / cbBTC"]);
  });

  it("names a feed of other decimals, and one of something else", async function () {
    expect(await faultsOf(withFeed("bitcoin", { decimals: 18 }))).to.deep.equal(["bitcoin feed-decimals: 18 / 8"]);
    expect(await faultsOf(withFeed("bitcoin", { pair: "ETH / USD" }))).to.deep.equal([
      "bitcoin feed-description: ETH / USD / CBBTC / USD",
    ]);
  });

  it("names a feed whose answer is too old, or not to be believed", async function () {
    const { market } = now();
    // Ten seconds of age are too old for a heartbeat of one.
    await market.chain.mine(10);

    expect((await faultsOf(withFeed("bitcoin", { heartbeat: 1 })))[0]).to.match(/^bitcoin feed-stale: at most 1 s/);
    expect((await faultsOf(withFeed("dai", { bounds: { low: "2", high: "3" } })))[0]).to.match(
      /^dai feed-out-of-bounds: 2 to 3 USD \/ 1 USD/,
    );
  });

  it("names a pool of another token, and one of another fee", async function () {
    const [pool] = assetOf("bitcoin").pools;
    const [other] = assetOf("dai").pools;
    if (pool === undefined || other === undefined) throw new TypeError("both have a pool");
    const { token } = assetOf("bitcoin");

    const [foreign] = await faultsOf(withAsset("bitcoin", { pools: [{ ...pool, address: other.address }] }));
    const [dearer] = await faultsOf(withAsset("bitcoin", { pools: [{ ...pool, fee: 10_000 }] }));

    expect(foreign).to.match(/^bitcoin pool-tokens: /);
    expect(foreign).to.include(token);
    expect(dearer).to.equal(`bitcoin pool-fee: 10000 / ${pool.fee}`);
  });

  it("names a router without code, and one of another factory", async function () {
    const { network } = now();
    const withRouter = (address: NetworkAsset["token"]): Network => ({
      ...network,
      router: { address, origin: "test" },
    });
    const factory = { ...network.factory, address: assetOf("bitcoin").token };

    expect(await faultsOf(withRouter(NOWHERE))).to.deep.equal(["router no-code: a contract / no code"]);
    const assets = network.assets.slice(0, 2).map((asset) => ({ ...asset, pools: [] }));
    const [foreign] = (await checkNetwork(now().client, { ...network, factory, assets }, DEPTH)).faults;
    expect([foreign?.kind, foreign?.found]).to.deep.equal(["router-foreign", network.factory.address]);
  });

  it("names a pool that holds too little", async function () {
    const { faults } = await checkNetwork(now().client, now().network, 10n ** 24n);

    expect(new Set(faults.map(({ kind }) => kind))).to.deep.equal(new Set(["pool-thin"]));
  });

  it("leaves out pools that were only worked out and are not there", async function () {
    const { pools } = assetOf("bitcoin");
    const absent = { address: NOWHERE, quote: "weth", fee: 500, evidence: "computed" } as const;

    const check = await checkNetwork(now().client, withAsset("bitcoin", { pools: [...pools, absent] }), DEPTH);

    expect(check.faults).to.deep.equal([]);
    expect(check.absentPools.map(({ at }) => at)).to.deep.equal([NOWHERE]);
    expect(check.confirmed.assets.find(({ coinId }) => coinId === "bitcoin")?.pools).to.deep.equal(pools);
  });

  describe("when a pool prices an asset", function () {
    /** Ripple with another pool as its first, which was opened now and stands as the market left it. */
    const withNewPool = async (): Promise<{ readonly network: Network; readonly pool: Address }> => {
      const { market } = now();
      const [main] = assetOf("ripple").pools;
      if (main === undefined) throw new TypeError("ripple has a pool");
      const fee: FeeTier = main.fee === 500 ? 3000 : 500;
      const pool = getAddress(await openPool(market, market.coin("ripple"), fee));
      return { network: withAsset("ripple", { pools: [{ ...main, address: pool, fee }, main] }), pool };
    };

    const payFor = async (pool: Address, slots: number): Promise<void> => {
      const { chain } = now().market;
      const data = encodeFunctionData({
        abi: MEMORY_ABI,
        functionName: "increaseObservationCardinalityNext",
        args: [slots],
      });
      await chain.send(chain.accounts.stranger.address, { to: pool, data });
    };

    it("names a pool with fewer observations than the oracle asks for, and what to do", async function () {
      const { network, pool } = await withNewPool();
      await payFor(pool, 29);
      await now().market.chain.mine(600);

      const { faults } = await checkNetwork(now().client, network, DEPTH);

      expect(faults.map(({ entry, kind, at, found }) => ({ entry, kind, at, found }))).to.deep.equal([
        { entry: "ripple", kind: "pool-memory", at: pool, found: "29" },
      ]);
      expect(faults[0]?.advice).to.match(/increaseObservationCardinalityNext\(30\)/);
    });

    it("notes that observations that are paid for are not in use yet", async function () {
      const { network, pool } = await withNewPool();
      await payFor(pool, 30);
      await now().market.chain.mine(600);

      const { faults, warnings } = await checkNetwork(now().client, network, DEPTH);

      expect(faults).to.deep.equal([]);
      const own = warnings.filter(({ at }) => at === pool);
      expect(own.map(({ entry, kind, found }) => ({ entry, kind, found }))).to.deep.equal([
        { entry: "ripple", kind: "pool-filling", found: "1 in use of 30 paid for" },
      ]);
    });

    it("names a pool whose observations do not reach back ten minutes", async function () {
      const { network, pool } = await withNewPool();
      await payFor(pool, 30);

      expect(await faultsOf(network)).to.deep.equal([
        "ripple pool-window: a mean of the last 600 s / observations of the last 1 s",
      ]);
    });

    it("asks no memory of the pool of an asset with a feed", async function () {
      const { network } = await withNewPool();
      const { feed } = assetOf("bitcoin");

      const ripple = network.assets.map((asset) => (asset.coinId === "ripple" ? { ...asset, feed } : asset));
      const { faults } = await checkNetwork(now().client, { ...network, assets: ripple }, DEPTH);

      expect(faults).to.deep.equal([]);
    });
  });

  it("refuses another chain", async function () {
    const error = await failureOf(checkNetwork(now().client, { ...now().network, chainId: 8453 }, DEPTH));

    expect(error).to.have.property("code", "CHAIN_ID_MISMATCH");
  });

  describe("from the command line", function () {
    it("writes a file that can be deployed from, and ends with 5 and every difference otherwise", async function () {
      const { network, folder, market } = now();
      const rpc = await market.chain.serve(0);
      const [good, bad, out] = ["good.json", "bad.json", "out.json"].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      await writeFile(good, JSON.stringify(network));
      await writeFile(bad, JSON.stringify(withFeed("bitcoin", { decimals: 18 })));

      const passed = await runCli(["networks", "check", good, "--rpc", rpc, "--write", out]);
      const refused = await runCli(["networks", "check", bad, "--rpc", rpc]);

      expect(passed.code).to.equal(0);
      expect(await readNetwork(out)).to.deep.equal(JSON.parse(await readFile(good, "utf8")));
      expect(refused.code).to.equal(5);
      expect(refused.err).to.match(/NETWORK_DIFFERS: .*bitcoin: feed-decimals at 0x/);
    });
  });
});
