// Turns the visitor's access and the fund's place into a proof, with all lines that the server shows.
import type { LedgerLine } from "../../../record/lines.ts";
import { type Answer, ServerDownError, ask } from "../data/api.ts";
import { openChain } from "../data/chain-client.ts";
import type { ChainAccess } from "../data/way.ts";
import { deploymentOf } from "../data/chain-fund.ts";
import type { Site } from "../data/api.ts";
import { secondsOf } from "../format.ts";
import { type Proof, prove } from "./prove.ts";

/** Lines of one page. */
const PAGE = 5000;

/** Proves the fund's ledger through a node or a wallet. @throws AppError that says what is wrong. */
export async function proveThrough(access: ChainAccess, site: Site, onStep: (words: string) => void): Promise<Proof> {
  const client = await openChain(access, site.chainId);
  onStep("Asking this server for all of its lines");
  const claimed = await claimedLines();
  return prove({ client, deployment: deploymentOf(site, []), claimed, onStep });
}

/** Everything that the server says the ledger is; undefined when it is silent, which proves nothing against the chain. */
async function claimedLines(): Promise<readonly LedgerLine[] | undefined> {
  const lines: LedgerLine[] = [];
  let from: number | null = 1;
  try {
    while (from !== null) {
      const page: Answer<"ledger"> = await ask("ledger", { from, limit: PAGE });
      lines.push(...page.lines.map(lineOf));
      from = page.next;
    }
  } catch (error) {
    if (error instanceof ServerDownError) return undefined;
    throw error;
  }
  return lines;
}

/** The fields were checked by form; that they are true is what is going to be proven. */
function lineOf(line: Answer<"ledger">["lines"][number]): LedgerLine {
  return { ...line, time: secondsOf(line.time) } as LedgerLine;
}
