// Turns a sent transaction into the lines of the ledger that it wrote.
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
