// Turns a publication that the server shows into the chain's own line of it, or into the field in which they differ.
import type { Hex } from "viem";

import { unixSeconds } from "../../../core/units.ts";
import { type LedgerLine, isLine, lineOf } from "../../../record/lines.ts";
import { publicationOf } from "../../../site/publication.ts";
import { openChain } from "../data/chain-client.ts";
import type { ChainAccess } from "../data/way.ts";
import type { Answer, Site } from "../data/api.ts";
import { PageError } from "../errors.ts";

type Summary = Answer<"decisions">["decisions"][number];

/** What a visitor sees of a publication; its time is that of the block, which a receipt does not tell. */
const SHOWN = ["kind", "week", "targetId", "regime", "decisionHash", "membershipRoot", "twinLevel"] as const;

/** Reads the line of a publication from its transaction. @throws PageError when the chain's is not what the server shows. */
export async function readPublicationLine(access: ChainAccess, site: Site, shown: Summary): Promise<LedgerLine> {
  const client = await openChain(access, site.chainId);
  const receipt = await client.getTransactionReceipt({ hash: shown.transaction as Hex });
  const vault = site.addresses.vault.toLowerCase();
  const lines = receipt.logs
    .filter((log) => log.address.toLowerCase() === vault && isLine(log))
    .map((log) => lineOf(log, unixSeconds(0)));
  const line = lines.find(({ sequence }) => sequence === shown.sequence);
  if (line === undefined || !["TargetPublished", "LevelPublished"].includes(line.event)) {
    throw new PageError(
      "PUBLICATION_UNKNOWN",
      `Expected a decision in line ${shown.sequence} in transaction ${shown.transaction}, found ${line?.event ?? "no such line"} on chain. Do not trust this server's figures.`,
    );
  }
  const onChain = publicationOf(line);
  const field = SHOWN.find((name) => onChain[name] !== shown[name]);
  if (field !== undefined) {
    throw new PageError(
      "PUBLICATION_ALTERED",
      `Line ${line.sequence} says ${field} ${String(onChain[field])} on chain, and this server showed ${String(shown[field])}. Do not trust its figures.`,
    );
  }
  return line;
}
