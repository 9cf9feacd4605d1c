// Turns a sent transaction into the lines of the ledger that it wrote, and the oracle into the price of one asset.
import { type Fixture } from "./fixture.ts";

type Sent = { readonly wait: () => Promise<unknown> };

type Receipt = { readonly gasUsed: bigint; readonly logs: readonly { topics: readonly string[]; data: string }[] };

/** Arguments of every line of a name that a transaction wrote, by the arguments' names. */
export async function linesOf(
  { vault }: Fixture,
  sent: Sent,
  name: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { logs } = (await sent.wait()) as Receipt;
  const parsed = logs.map((log) => vault.interface.parseLog({ topics: [...log.topics], data: log.data }));
  return parsed.filter((line) => line?.name === name).map((line) => line?.args.toObject() ?? {});
}

/** Why the legs of a transaction were left out, in their order. */
export async function reasonsOf(fixture: Fixture, sent: Sent): Promise<readonly unknown[]> {
  return (await linesOf(fixture, sent, "LegSkipped")).map((line) => line["reason"]);
}

export async function gasOf(sent: Sent): Promise<bigint> {
  return ((await sent.wait()) as Receipt).gasUsed;
}

/** D18{USD/wholeTok} That the oracle has of a coin, or of an index; zero without a fresh price. */
export async function priceOf({ oracle, fund }: Fixture, coin: string | number): Promise<bigint> {
  const index = typeof coin === "number" ? coin : fund.indexOf(coin);
  const [price] = await oracle.prices(1n << BigInt(index));
  return price[index] ?? 0n;
}
