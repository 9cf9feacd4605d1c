// Turns the chain options into a fund that was found on the node asked, and a key into a wallet for it.
import {
  BaseError,
  type Chain,
  type LocalAccount,
  type PublicClient,
  type Transport,
  createPublicClient,
  createWalletClient,
  http,
} from "viem";
import { hardhat } from "viem/chains";

import { AppError } from "../../core/errors.ts";
import { chainOf } from "../../execute/chain.ts";
import type { Fund, Wallet } from "../../execute/contracts.ts";
import { type Deployment, readDeployment, requireChain } from "../../execute/deployment.ts";
import type { Depositor } from "../../execute/depositor.ts";
import { chainError } from "../../execute/errors.ts";
import { requireAssets } from "../../execute/require-assets.ts";
import type { ChainOptions, KeyOptions } from "./chain-options.ts";
import { type Progress, startProgress } from "./progress.ts";
import { signerOf } from "./signer.ts";

/** {ms} Between two looks for a transaction: on a local chain it is mined at once. */
export const LOCAL_POLLING = 50;
const PUBLIC_POLLING = 2000;

/** No node answers at the address. */
export class NodeUnreachableError extends AppError {
  readonly code = "NODE_UNREACHABLE";
  readonly kind = "chain";
  override readonly retryable = true;
  /** Without the path, which may hold a secret. */
  readonly origin: string;

  constructor(rpc: string, cause: unknown) {
    const { origin } = new URL(rpc);
    // What has a name already was wrapped by viem into an error that says nothing.
    const isNamed = cause instanceof BaseError && cause.walk((error) => error instanceof AppError) !== null;
    const found = cause instanceof BaseError && !isNamed ? cause.shortMessage : "no answer";
    super(
      `Expected a node at ${origin}, found none (${found.replace(/\.$/, "")}). ` +
        "Start one, for example with `demo --serve`, or name another with --rpc.",
      { cause },
    );
    this.origin = origin;
  }
}

/** The chain has no contract where the deployment file says that the vault is. */
export class VaultMissingError extends AppError {
  readonly code = "VAULT_MISSING";
  readonly kind = "chain";
  readonly vault: string;

  constructor({ addresses, chainId }: Deployment) {
    super(
      `Expected the fund's vault at ${addresses.vault} on chain ${chainId}, found no contract there. ` +
        "The deployment file is of an earlier chain: deploy again, or name another with --deployment.",
    );
    this.vault = addresses.vault;
  }
}

/**
 * Opens the fund, does the work, and puts whatever the node refuses meanwhile into a named error.
 *
 * @param client Asks other nodes than `--rpc`.
 */
export async function withFund<Result>(
  options: ChainOptions,
  work: (fund: Fund, progress: Progress) => Promise<Result>,
  client?: PublicClient,
): Promise<Result> {
  const progress = startProgress();
  try {
    const fund = await openFund(options, progress, client);
    return await work(fund, progress);
  } catch (error) {
    throw error instanceof BaseError ? chainError("read the fund", error) : error;
  } finally {
    progress.done();
  }
}

/** As {@link withFund}, with the wallet of the key; a missing key is found before the node is asked. */
export async function withDepositor<Result>(
  options: KeyOptions,
  work: (depositor: Depositor, progress: Progress) => Promise<Result>,
): Promise<Result> {
  const account = await signerOf(options, (await readDeployment(options.deployment)).chainId);
  return withFund(options, (fund, progress) => work({ ...fund, wallet: walletOf(options, fund, account) }, progress));
}

async function openFund(
  { rpc, deployment: path }: ChainOptions,
  progress: Progress,
  other: PublicClient | undefined,
): Promise<Fund> {
  const deployment = await readDeployment(path);
  progress.step("asking the node");
  const client = other ?? createPublicClient(connectionOf(rpc, deployment.chainId));
  await client.getChainId().catch((cause: unknown) => {
    throw new NodeUnreachableError(rpc, cause);
  });
  await requireChain(client, deployment);
  const code = await client.getCode({ address: deployment.addresses.vault });
  if (code === undefined) throw new VaultMissingError(deployment);
  await requireAssets({ client, deployment });
  return { client, deployment };
}

function walletOf({ rpc }: ChainOptions, { deployment }: Fund, account: LocalAccount): Wallet {
  return createWalletClient({ account, ...connectionOf(rpc, deployment.chainId) });
}

type Connection = { readonly chain: Chain; readonly transport: Transport; readonly pollingInterval: number };

function connectionOf(rpc: string, chainId: number): Connection & { readonly cacheTime: number } {
  const isLocal = chainId === hardhat.id;
  const chain = chainOf(chainId, [rpc]);
  const transport = http(rpc, { retryCount: isLocal ? 0 : 3 });
  return { chain, transport, pollingInterval: isLocal ? LOCAL_POLLING : PUBLIC_POLLING, cacheTime: 0 };
}
