// Turns honest contracts, tokens and pools into dishonest ones.
import { type Fixture, type Person, WHOLE } from "./fixture.ts";
import { deepPool } from "./rebalance.ts";

const POSITIONS_ABI = [
  "function createAndInitializePoolIfNecessary(address, address, uint24, uint160) payable returns (address)",
  "function mint((address, address, uint24, int24, int24, uint256, uint256, uint256, uint256, address, uint256)) payable",
];

const POOL_ABI = ["function slot0() view returns (uint160, int24, uint16, uint16, uint16, uint8, bool)"];

const FACTORY_ABI = ["function getPool(address, address, uint24) view returns (address)"];

/** Calls as a contract of the fund would. */
export async function impersonate(
  fixture: Fixture,
  contract: { readonly getAddress: () => Promise<string> },
): Promise<Person> {
  const { networkHelpers } = fixture.market.chain.connection;
  const address = await contract.getAddress();
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, WHOLE);
  return fixture.ethers.getSigner(address);
}

/** A token takes some of its units away from the vault, as issuers and exploits do. */
export async function takeFrom(fixture: Fixture, coinId: string, amount: bigint): Promise<void> {
  const { ethers, market, vault, people } = fixture;
  const token = await ethers.getContractAt("MockToken", market.coin(coinId).token);
  await token.connect(await impersonate(fixture, vault)).transfer(people.maker, amount);
}

/** Gives a coin's token the code of a mock; its balances stay. */
export async function giveCode(
  fixture: Fixture,
  coinId: string,
  mock: "CallbackToken" | "FreezableToken" | "GasBurningToken" | "QuirkToken",
): Promise<void> {
  const { ethers, market } = fixture;
  const { symbol, decimals, token } = market.coin(coinId);
  const factory = await ethers.getContractFactory(mock as "CallbackToken");
  const template = await factory.deploy(coinId, symbol, decimals);
  const code = await ethers.provider.getCode(template);
  await market.chain.connection.networkHelpers.setCode(token, code);
}

/** Swaps until a coin's price in its USDC pool is multiplied by the square of a ratio; its feed stays. */
export async function pushPool(
  fixture: Fixture,
  coinId: string,
  [over, under]: readonly [bigint, bigint],
): Promise<void> {
  const { ethers, market, weth } = fixture;
  const { address, quoteIsToken1 } = deepPool(market.coin(coinId));
  const pool = new ethers.Contract(address, POOL_ABI, ethers.provider);
  const [sqrtPriceX96] = (await pool.getFunction("slot0")()) as [bigint];
  const next = quoteIsToken1 ? (sqrtPriceX96 * over) / under : (sqrtPriceX96 * under) / over;
  const arbitrageur = await ethers.deployContract("Arbitrageur", [weth]);
  await arbitrageur.moveTo([address], [next]);
}

/** A second pool of a coin against USDC, at 1:1 raw units, with next to no liquidity in a narrow range. */
export async function thinPool({ market, ethers, usdc, people }: Fixture, coinId: string): Promise<string> {
  const { positionManager, factory } = market.uniswap;
  const token = await ethers.getContractAt("MockToken", market.coin(coinId).token);
  const [token0, token1] = [await token.getAddress(), await usdc.getAddress()].toSorted((a, b) =>
    BigInt(a) < BigInt(b) ? -1 : 1,
  );
  const fee = 10_000;
  const positions = new ethers.Contract(positionManager, POSITIONS_ABI, people.maker);
  const send = (name: string, args: unknown[]): Promise<unknown> => positions.getFunction(name)(...args);
  await send("createAndInitializePoolIfNecessary", [token0, token1, fee, 2n ** 96n]);
  const amounts = [1000, 1000, 0, 0];
  await send("mint", [[token0, token1, fee, -200, 200, ...amounts, people.maker.address, 10n ** 12n]]);
  const pools = new ethers.Contract(factory, FACTORY_ABI, people.maker);
  return (await pools.getFunction("getPool")(token0, token1, fee)) as string;
}
