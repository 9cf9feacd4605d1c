// Turns the vault's log into the signed target that is pending or under way, proven by its hash on chain.
import type { Hex } from "viem";
import { getAbiItem } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import { ppm, unixSeconds } from "../core/units.ts";
import { ABANDONED_EXIT, type Fund, contractsOf } from "./contracts.ts";
import { readLogs } from "./logs.ts";
import { type Target, targetHash } from "./publish.ts";

/** A target that the keeper can carry out. */
export type PublishedTarget = {
  readonly target: Target;
  readonly state: "pending" | "running";
  /** {s} It may be started from then on. */
  readonly executableAt: number;
};

/** The fields of a TargetPublished line. */
export type TargetLine = {
  readonly id: bigint;
  readonly regime: string;
  readonly decisionHash: Hex;
  readonly membershipRoot: Hex;
  readonly twinLevel: bigint;
  readonly validFrom: bigint;
  readonly executableAt: bigint;
  readonly validUntil: bigint;
  readonly assets: readonly bigint[];
  readonly partsPerMillion: readonly bigint[];
};

/** The log holds no target with the hash that the chain keeps. */
export class TargetNotInLogError extends AppError {
  readonly code = "TARGET_NOT_IN_LOG";
  readonly kind = "chain";
  readonly targetId: number;
  readonly targetHash: Hex;

  constructor(targetId: number, targetHash: Hex) {
    super(
      `Expected the line that published target ${targetId} with hash ${targetHash}, found none in the vault's log. ` +
        "Ask a node that has the whole log, and check the block of the deployment file.",
    );
    this.targetId = targetId;
    this.targetHash = targetHash;
  }
}

type Standing = Pick<PublishedTarget, "state"> & { readonly id: bigint; readonly hash: Hex };

/**
 * The target to carry out next; undefined when none is pending or under way.
 *
 * @throws TargetNotInLogError when the log does not give the target that the chain has the hash of.
 */
export async function fetchTarget(fund: Fund): Promise<PublishedTarget | undefined> {
  const { client, deployment } = fund;
  const standing = await fetchStanding(fund);
  if (standing === undefined) return undefined;
  const found = await readLogs(client, {
    address: deployment.addresses.vault,
    fromBlock: BigInt(deployment.block),
    toBlock: await client.getBlockNumber(),
    events: [getAbiItem({ abi: indexVaultAbi, name: "TargetPublished" })],
  });
  const lines = (found as unknown as readonly { readonly args: TargetLine }[]).map(({ args }) => args);
  // An id may be published again after a veto: the hash tells which of its lines counts.
  const line = lines.find((one) => one.id === standing.id && targetHash(targetOfLine(one)) === standing.hash);
  if (line === undefined) throw new TargetNotInLogError(Number(standing.id), standing.hash);
  return { target: targetOfLine(line), state: standing.state, executableAt: Number(line.executableAt) };
}

/** The target as it was signed. */
export function targetOfLine(line: TargetLine): Target {
  return {
    id: Number(line.id),
    regime: line.regime === "bull" ? "bull" : "bear",
    weights: { assets: line.assets.map(Number), parts: line.partsPerMillion.map((part) => ppm(Number(part))) },
    decisionHash: line.decisionHash,
    membershipRoot: line.membershipRoot,
    twinLevel: line.twinLevel,
    validFrom: unixSeconds(Number(line.validFrom)),
    validUntil: unixSeconds(Number(line.validUntil)),
  };
}

/** What is under way goes first, unless the pending target may take its place. */
async function fetchStanding({ client, deployment }: Fund): Promise<Standing | undefined> {
  const { registry, rebalancer } = contractsOf(deployment);
  const { number: blockNumber, timestamp } = await client.getBlock();
  const [pending, running] = await Promise.all([
    client.readContract({ ...registry, functionName: "pending", blockNumber }),
    client.readContract({ ...rebalancer, functionName: "running", blockNumber }),
  ]);
  const isOpen = pending.id !== 0n && timestamp <= pending.validUntil;
  const isReplaced = isOpen && (pending.regime === 0 || timestamp > running.deadline);
  const hasTarget = running.id !== 0n && running.id !== ABANDONED_EXIT;
  if (hasTarget && !isReplaced) return { state: "running", id: running.id, hash: running.targetHash };
  return pending.id === 0n ? undefined : { state: "pending", id: pending.id, hash: pending.targetHash };
}
