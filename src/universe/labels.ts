// Turns a coin id into the reason why it can never be in the index, if there is one.
import { type IsoDate, dayNumber, isoDate } from "../core/time.ts";
import type { CoinFlags, Provider } from "../market/history.ts";

/** Kinds of tokens that stand for something else, and coins that cannot be traded freely. */
export type LabelKind = "stable" | "wrapped" | "bridged" | "staked" | "receipt" | "metal" | "fund" | "frozen";

/** Why a coin is out, in words for people. */
export type Label = { readonly kind: LabelKind; readonly why: string };

type Ids = readonly string[];
/** Decisions dated in `[from, until)` leave the coin out; without `until`, all from then on. */
type Frozen = { readonly coinId: string; readonly from: IsoDate; readonly until?: IsoDate; readonly why: string };

const COINGECKO: Readonly<Record<Exclude<LabelKind, "frozen">, Ids>> = {
  stable: [
    ..."tether usd-coin dai binance-usd true-usd paxos-standard gemini-dollar usdd frax terrausd husd nusd".split(" "),
    ..."liquity-usd magic-internet-money fei-usd neutrino vai celo-dollar celo-euro stasis-eurs euro-coin".split(" "),
    ..."tether-eurt first-digital-usd paypal-usd ethena-usde usual-usd usds usdb crvusd dola-usd gho usdx".split(" "),
    ..."usdx-money-usdx hive_dollar steem-dollars bitusd bitcny nubits terra-krw sai usdk stableusd agora-dollar".split(
      " ",
    ),
    ..."ripple-usd mountain-protocol-usdm eurc susd usd-plus alchemix-usd origin-dollar flex-usd".split(" "),
  ],
  wrapped: [
    ..."wrapped-bitcoin coinbase-wrapped-btc weth wbnb wrapped-nxm wrapped-centrifuge wrapped-fantom".split(" "),
    ..."wrapped-avax wmatic huobi-btc renbtc tbtc seth sbtc solv-btc wrapped-solana wrapped-xdai ftx-bitcoin".split(
      " ",
    ),
  ],
  bridged: [
    ..."binance-peg-busd binance-peg-dogecoin binance-peg-weth bitcoin-avalanche-bridged-btc-b".split(" "),
    ..."arbitrum-bridged-wbtc-arbitrum-one arbitrum-bridged-weth-arbitrum-one polygon-bridged-wbtc-polygon-pos".split(
      " ",
    ),
    ..."bridged-usdc-polygon-pos-bridge mantle-bridged-usdt-mantle usd-coin-ethereum-bridged".split(" "),
    ..."polygon-pos-bridged-dai-polygon-pos polygon-pos-bridged-weth-polygon-pos ronin-bridged-weth-ronin".split(" "),
    ..."l2-standard-bridged-weth-base l2-standard-bridged-weth-blast bitcoin-bep2".split(" "),
  ],
  staked: [
    ..."staked-ether wrapped-steth rocket-pool-eth coinbase-wrapped-staked-eth frax-ether staked-frax-ether".split(" "),
    ..."mantle-staked-ether stader-ethx sweth ankreth wrapped-beacon-eth msol jito-staked-sol binance-staked-sol".split(
      " ",
    ),
    ..."jupiter-staked-sol solayer-staked-sol benqi-liquid-staked-avax liquid-staked-ethereum amnis-aptos".split(" "),
    ..."kelp-dao-restaked-eth renzo-restaked-eth mantle-restaked-eth wrapped-eeth ether-fi-staked-eth".split(" "),
    ..."ether-fi-staked-btc lombard-staked-btc solv-protocol-solvbtc-bbn pumpbtc super-oeth origin-ether".split(" "),
    ..."bonded-luna susds savings-dai ethena-staked-usde".split(" "),
  ],
  receipt: [
    ..."cdai ccomp compound-ether compound-usd-coin compound-usdt compound-wrapped-btc compound-basic-attention-token".split(
      " ",
    ),
    ..."aave-usdc aave-dai aave-usdt aweth curve-fi-ydai-yusdc-yusdt-ytusd lp-3pool-curve lp-renbtc-curve".split(" "),
    ..."yearn-ecosystem-token-index jupiter-perpetuals-liquidity-provider-token".split(" "),
  ],
  metal: ["pax-gold", "tether-gold", "kinesis-gold", "kinesis-silver", "digix-gold", "perth-mint-gold-token", "xaurum"],
  fund: [
    ..."ousg hashnote-usyc ondo-us-dollar-yield blackrock-usd-institutional-digital-liquidity-fund".split(" "),
    ..."franklin-onchain-u-s-government-money-fund superstate-short-duration-us-government-securities-fund-ustb".split(
      " ",
    ),
    ..."defipulse-index crypto20 taas".split(" "),
  ],
};

const COINMARKETCAP: Readonly<Record<Exclude<LabelKind, "frozen">, Ids>> = {
  stable: ["tether", "bitusd", "bitcny", "nubits", "steem-dollars", "dai", "trueusd", "biteur"],
  wrapped: ["bitbtc"],
  bridged: [],
  staked: [],
  receipt: [],
  metal: ["bitgold", "bitsilver", "xaurum", "digix-gold-token"],
  fund: ["c20", "taas", "blockchain-index"],
};

const COINGECKO_FROZEN: readonly Frozen[] = [
  {
    coinId: "terra-luna",
    from: isoDate("2022-05-13"),
    until: isoDate("2022-08-11"),
    why: "chain halted on 2022-05-12 after its supply had grown a thousandfold; out for 90 days",
  },
  { coinId: "celsius", from: isoDate("2022-06-13"), why: "the issuer froze withdrawals on 2022-06-12" },
  { coinId: "ftx-token", from: isoDate("2022-11-09"), why: "the issuer froze withdrawals on 2022-11-08" },
];

const COINMARKETCAP_FROZEN: readonly Frozen[] = [
  { coinId: "bitconnect", from: isoDate("2018-01-17"), why: "the issuer closed its exchange on 2018-01-16" },
];

/** Coins whose flags in the provider's list come from a category that does not fit: they stand for nothing else. */
const FLAGS_OVERRULED: ReadonlySet<string> = new Set(["olympus", "temple", "snowbank", "propy", "elysia"]);

const WORDS: Readonly<Record<LabelKind, string>> = {
  stable: "follows a currency",
  wrapped: "stands for another coin",
  bridged: "stands for a coin on another chain",
  staked: "stands for a staked coin",
  receipt: "is a receipt for a deposit or pool share",
  metal: "stands for a metal",
  fund: "stands for a fund or security",
  frozen: "cannot be traded freely",
};

const MANUAL: Readonly<Record<"coingecko" | "coinmarketcap", ReadonlyMap<string, LabelKind>>> = {
  coingecko: byId(COINGECKO),
  coinmarketcap: byId(COINMARKETCAP),
};

/**
 * The label of a coin on a day: the manual table first, then the flags of the provider's list.
 *
 * @param coin Whose label; `day` is that of the close, one before the decision.
 */
export function labelOf(
  coin: { readonly provider: Provider; readonly coinId: string; readonly day: number },
  flags: CoinFlags | undefined,
): Label | undefined {
  const space = coin.provider === "coinmarketcap" ? "coinmarketcap" : "coingecko";
  const manual = MANUAL[space].get(coin.coinId);
  if (manual !== undefined) return { kind: manual, why: WORDS[manual] };
  const frozen = (space === "coinmarketcap" ? COINMARKETCAP_FROZEN : COINGECKO_FROZEN).find((entry) =>
    covers(entry, coin),
  );
  if (frozen !== undefined) return { kind: "frozen", why: frozen.why };
  return space === "coingecko" ? labelOfFlags(coin.coinId, flags) : undefined;
}

function covers(entry: Frozen, coin: { readonly coinId: string; readonly day: number }): boolean {
  if (entry.coinId !== coin.coinId || coin.day + 1 < dayNumber(entry.from)) return false;
  return entry.until === undefined || coin.day + 1 < dayNumber(entry.until);
}

function labelOfFlags(coinId: string, flags: CoinFlags | undefined): Label | undefined {
  if (flags === undefined || FLAGS_OVERRULED.has(coinId)) return undefined;
  if (flags.stable) return { kind: "stable", why: `${WORDS.stable} (provider's list)` };
  if (flags.wrapped) return { kind: "wrapped", why: "stands for another coin, wrapped or staked (provider's list)" };
  if (flags.realWorld) return { kind: "fund", why: `${WORDS.fund} or a metal (provider's list)` };
  return undefined;
}

function byId(table: Readonly<Record<Exclude<LabelKind, "frozen">, Ids>>): ReadonlyMap<string, LabelKind> {
  const entries = (Object.keys(table) as (keyof typeof table)[]).map((kind) =>
    table[kind].map((id) => [id, kind] as const),
  );
  return new Map(entries.flat());
}
