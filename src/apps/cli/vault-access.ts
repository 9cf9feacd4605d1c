// Turns the address of a vault and a node into a ledger's source, for a stranger who has no deployment file.
import { type Address, BaseError, createPublicClient, http } from "viem";

import { AppError } from "../../core/errors.ts";
import { chainError } from "../../execute/errors.ts";
import type { LedgerSource } from "../../record/ledger.ts";
import { type ChainOptions, parseAddress } from "./chain-options.ts";
import { NodeUnreachableError, withFund } from "./fund-access.ts";
import { ledgerSource } from "./ledger-access.ts";
import { type Progress, startProgress } from "./progress.ts";

/** Options of commands that find a fund by the address of its vault, or else by a deployment file. */
export type VaultOptions = ChainOptions & { readonly vault?: Address; readonly fromBlock?: number };

/** The chain has no contract at the address given. */
export class NoVaultThereError extends AppError {
  readonly code = "VAULT_MISSING";
  readonly kind = "chain";

  constructor(vault: Address, chainId: number) {
    super(`Expected the fund's vault at ${vault} on chain ${chainId}, found no contract there. Name another address.`);
  }
}

/** Does the work on the ledger of `--vault`, or of the deployment file, up to the newest block. */
export async function withSource<Result>(
  options: VaultOptions,
  work: (source: LedgerSource, progress: Progress) => Promise<Result>,
): Promise<Result> {
  const { vault } = options;
  if (vault === undefined) {
    return withFund(options, async (fund, progress) =>
      work(ledgerSource(fund, await fund.client.getBlockNumber()), progress),
    );
  }
  const progress = startProgress();
  try {
    progress.step("asking the node");
    return await work(await sourceOf(options, parseAddress(vault)), progress);
  } catch (error) {
    throw error instanceof BaseError ? chainError("read the vault", error) : error;
  } finally {
    progress.done();
  }
}

async function sourceOf({ rpc, fromBlock = 0 }: VaultOptions, vault: Address): Promise<LedgerSource> {
  const client = createPublicClient({ transport: http(rpc) });
  const chainId = await client.getChainId().catch((cause: unknown) => {
    throw new NodeUnreachableError(rpc, cause);
  });
  if ((await client.getCode({ address: vault })) === undefined) throw new NoVaultThereError(vault, chainId);
  return { client, chainId, vault, fromBlock: BigInt(fromBlock), toBlock: await client.getBlockNumber() };
}
