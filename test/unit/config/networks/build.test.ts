import { expect } from "chai";

import { NetworkUnbuildableError, buildNetwork } from "../../../../src/config/networks/build.ts";
import { parseNetwork } from "../../../../src/execute/network.ts";
import { CHAIN, UNI, USDC, WBTC, at, coin, feed, sources, token } from "./support.ts";

describe("buildNetwork", function () {
  it("puts the deposit coin first and wrapped ether second", function () {
    const { network } = buildNetwork(CHAIN, sources());

    const weth = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"; // WETH9 on Ethereum
    expect(network.assets.slice(0, 2).map((asset) => asset.token)).to.deep.equal([USDC, weth]);
  });

  it("names Uniswap's router", function () {
    const { network } = buildNetwork(CHAIN, sources());

    // SwapRouter02 on Ethereum, as Uniswap's documentation of its deployments has it.
    expect(network.router?.address).to.equal("0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45");
  });

  it("gives what its own schema accepts", function () {
    const { network } = buildNetwork(CHAIN, sources());

    expect(parseNetwork(structuredClone(network), "a file")).to.deep.equal(network);
  });

  it("works out a pool's address: UNI and WETH at 0.3 % are at 0x1d42…5801", function () {
    const { network } = buildNetwork(CHAIN, sources());

    const pools = network.assets.find(({ coinId }) => coinId === "uniswap")?.pools;
    // The first pool of Uniswap v3 on Ethereum, created in block 12369739.
    expect(pools?.[0]).to.deep.equal({
      address: "0x1d42064Fc4Beb5F8aAF85F4617AE8b3b5B8Bd801",
      quote: "weth",
      fee: 3000,
      evidence: "computed",
    });
  });

  it("holds bitcoin through WBTC, priced by bitcoin's feed", function () {
    const { network } = buildNetwork(CHAIN, sources());

    const bitcoin = network.assets.find(({ coinId }) => coinId === "bitcoin");
    expect([bitcoin?.token, bitcoin?.vehicle, bitcoin?.decimals]).to.deep.equal([WBTC, "wrapped", 8]);
    expect(bitcoin?.feed?.address).to.equal(at("3"));
  });

  it("believes a feed from a thousandth to ten thousand times the order of the price", function () {
    const { network } = buildNetwork(CHAIN, sources());

    // 2,000 USD is of the order 10^3: 10^0 to 10^7.
    const bitcoin = network.assets.find(({ coinId }) => coinId === "bitcoin");
    expect(bitcoin?.feed?.bounds).to.deep.equal({ low: "1", high: "10000000" });
  });

  it("prefers the feed of the wrapped form to that of its coin", function () {
    const feeds = [...sources().feeds, feed("wbtc", "Wrapped BTC", at("4"))];

    const { network } = buildNetwork(CHAIN, sources({ feeds }));

    expect(network.assets.find(({ coinId }) => coinId === "bitcoin")?.feed?.address).to.equal(at("4"));
  });

  it("takes no feed of the same ticker with another name", function () {
    const feeds = [...sources().feeds, feed("uni", "Gold Of Zion", at("4"))];

    const { network } = buildNetwork(CHAIN, sources({ feeds }));

    expect(network.assets.find(({ coinId }) => coinId === "uniswap")?.feed).to.equal(undefined);
  });

  it("keeps only pools of the list where there is one", function () {
    const pools = new Map([[1, new Set(["0x1d42064fc4beb5f8aaf85f4617ae8b3b5b8bd801"])]]);

    const { network } = buildNetwork(CHAIN, sources({ pools }));

    const uniswap = network.assets.find(({ coinId }) => coinId === "uniswap");
    expect(uniswap?.pools.map(({ fee, evidence }) => [fee, evidence])).to.deep.equal([[3000, "list"]]);
  });

  it("refuses a chain without a feed for ether", function () {
    const feeds = sources().feeds.filter(({ base }) => base !== "eth");

    expect(() => buildNetwork(CHAIN, sources({ feeds }))).to.throw(NetworkUnbuildableError, /a feed of eth/);
  });

  describe("of names that the chain lacks", function () {
    it("says of each why, and what share of the cap is held", function () {
      const { coverage } = buildNetwork(CHAIN, sources());

      const missing = coverage.names.flatMap((name) => (name.held === "missing" ? [[name.coinId, name.why]] : []));
      expect(missing).to.deep.equal([
        ["ripple", "no token on this chain"],
        ["lonely", `one source alone names its token: ${at("5").toLowerCase()} is not in the token list`],
      ]);
      // Caps 100, 90 with a feed; 80 by a pool; 70 and 60 missing: of 400.
      expect(coverage.count).to.deep.equal({ withFeed: 2, byPool: 1, missing: 2 });
      expect(coverage.share).to.deep.equal({ withFeed: 0.475, byPool: 0.2, missing: 0.325 });
    });

    it("takes a token that the list says was bridged from the coin's", function () {
      const bridged = token("LONx", at("6"), { bridgedFrom: new Map([[1, at("5").toLowerCase()]]) });

      const { network } = buildNetwork(CHAIN, sources({ tokens: [...sources().tokens, bridged] }));

      const lonely = network.assets.find(({ coinId }) => coinId === "lonely");
      expect([lonely?.token, lonely?.vehicle]).to.deep.equal([at("6"), "bridged"]);
    });

    it("lists a token once, for the larger of two coins that claim it", function () {
      const twin = coin("twin", "TWN", UNI);
      const coins = new Map([...sources().coins, ["twin", twin]]);
      const index = [...sources().index, { coinId: "twin", symbol: "TWN", rank: 6, capUsd: 1, priceUsd: 1 }];

      const { coverage } = buildNetwork(CHAIN, sources({ coins, index }));

      const last = coverage.names.at(-1);
      expect(last?.held === "missing" && last.why).to.equal("its token is the vehicle of uniswap");
    });
  });
});
