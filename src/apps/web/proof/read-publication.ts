// Turns a publication that the server names into what the chain itself says of it.
import type { Hex } from "viem";

import { unixSeconds } from "../../../core/units.ts";
import { type LedgerLine, isLine, lineOf } from "../../../record/lines.ts";
import { openChain } from "../data/chain-client.ts";
import type { ChainAccess } from "../data/way.ts";
import type { Site } from "../data/api.ts";
import { PageError } from "../errors.ts";
import type { Recorded } from "./decision-check.ts";

/** Reads the event of a publication from its transaction. @throws PageError when the chain has none like it. */
export async function readPublicationLine(
  access: ChainAccess,
  site: Site,
  named: { readonly transaction: string; readonly sequence: number },
): Promise<LedgerLine> {
  const client = await openChain(access, site.chainId);
  const receipt = await client.getTransactionReceipt({ hash: named.transaction as Hex });
  const vault = site.addresses.vault.toLowerCase();
  const lines = receipt.logs
    .filter((log) => log.address.toLowerCase() === vault && isLine(log))
    .map((log) => lineOf(log, unixSeconds(0)));
  const line = lines.find(({ sequence }) => sequence === named.sequence);
  if (line === undefined) {
    throw new PageError(
      "PUBLICATION_UNKNOWN",
      `Expected line ${named.sequence} in transaction ${named.transaction}, found none on chain. Do not trust this server's figures.`,
    );
  }
  return line;
}

/** What of it a decision is checked against. @throws PageError */
export async function readPublication(...of: Parameters<typeof readPublicationLine>): Promise<Recorded> {
  const line = await readPublicationLine(...of);
  const text = (name: string): string => String(line.args[name]);
  const kind = line.event === "TargetPublished" ? "target" : "level";
  return { kind, decisionHash: text("decisionHash"), membershipRoot: text("membershipRoot"), regime: text("regime") };
}
