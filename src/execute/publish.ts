// Turns a decision's weights into a signed target, and makes it the pending target on chain.
import {
  type Address,
  type Hex,
  type LocalAccount,
  type TransactionReceipt,
  encodeAbiParameters,
  keccak256,
} from "viem";

import type { Ppm, UnixSeconds } from "../core/units.ts";
import { contractsOf } from "./contracts.ts";
import type { Deployment } from "./deployment.ts";
import { type Sender, send } from "./send.ts";

/** Weights as the chain takes them: parallel arrays, assets strictly ascending, parts that sum to 1,000,000. */
export type TargetWeights = { readonly assets: readonly number[]; readonly parts: readonly Ppm[] };

/** A decision, as its signer hands it to the chain. */
export type Target = {
  readonly id: number; // see weeklyTargetId and exitTargetId
  readonly regime: "bear" | "bull";
  readonly weights: TargetWeights;
  readonly decisionHash: Hex;
  readonly membershipRoot: Hex;
  readonly twinLevel: bigint; // D18{1}
  readonly validFrom: UnixSeconds;
  readonly validUntil: UnixSeconds;
};

/** A week's decision that trades nothing, as its signer hands it to the chain. */
export type Level = {
  readonly week: number;
  readonly regime: "bear" | "bull"; // that is held
  readonly decisionHash: Hex;
  readonly membershipRoot: Hex;
  readonly twinLevel: bigint; // D18{1}
};

/** `IRebalancer.Target`. */
export type ChainTarget = {
  readonly id: bigint;
  readonly regime: number;
  readonly weightsHash: Hex;
  readonly decisionHash: Hex;
  readonly membershipRoot: Hex;
  readonly twinLevel: bigint;
  readonly validFrom: bigint;
  readonly validUntil: bigint;
};

/** The chain and contract that a signature is for. */
export type SigningPlace = { readonly chainId: number; readonly registry: Address };

const TYPES = {
  Target: [
    { name: "id", type: "uint64" },
    { name: "regime", type: "uint8" },
    { name: "weightsHash", type: "bytes32" },
    { name: "decisionHash", type: "bytes32" },
    { name: "membershipRoot", type: "bytes32" },
    { name: "twinLevel", type: "uint256" },
    { name: "validFrom", type: "uint64" },
    { name: "validUntil", type: "uint64" },
  ],
  Level: [
    { name: "week", type: "uint64" },
    { name: "regime", type: "uint8" },
    { name: "decisionHash", type: "bytes32" },
    { name: "membershipRoot", type: "bytes32" },
    { name: "twinLevel", type: "uint256" },
  ],
} as const;

/** `IRebalancer.Weights`. */
export type ChainWeights = { readonly assets: readonly bigint[]; readonly parts: readonly bigint[] };

/** keccak256(abi.encode(assets, parts)). */
export function weightsHash(weights: TargetWeights): Hex {
  const { assets, parts } = chainWeights(weights);
  return keccak256(encodeAbiParameters([{ type: "uint256[]" }, { type: "uint256[]" }], [assets, parts]));
}

/** Weights as the contract's struct, which has whole words. */
export function chainWeights({ assets, parts }: TargetWeights): ChainWeights {
  return { assets: assets.map(BigInt), parts: parts.map(BigInt) };
}

/** The target as the contract's struct. */
export function chainTarget(target: Target): ChainTarget {
  return {
    id: BigInt(target.id),
    regime: target.regime === "bull" ? 1 : 0,
    weightsHash: weightsHash(target.weights),
    decisionHash: target.decisionHash,
    membershipRoot: target.membershipRoot,
    twinLevel: target.twinLevel,
    validFrom: BigInt(target.validFrom),
    validUntil: BigInt(target.validUntil),
  };
}

const FIELDS = TYPES.Target.map(({ type }) => ({ type }));

/** The hash by which the chain knows a target: keccak256(abi.encode(target)). */
export function targetHash(target: Target): Hex {
  const { id, regime, decisionHash, membershipRoot, twinLevel, validFrom, validUntil, ...rest } = chainTarget(target);
  const fields = [
    id,
    regime,
    rest.weightsHash,
    decisionHash,
    membershipRoot,
    twinLevel,
    validFrom,
    validUntil,
  ] as const;
  return keccak256(encodeAbiParameters(FIELDS, fields));
}

/** The EIP-712 signature of a target. */
export async function signTarget(
  signer: Pick<LocalAccount, "signTypedData">,
  target: Target,
  place: SigningPlace,
): Promise<Hex> {
  return signer.signTypedData(typedData(target, place));
}

/** Makes a signed target pending; anyone may send it. */
export async function publishTarget(
  sender: Sender,
  deployment: Pick<Deployment, "addresses">,
  { target, signature }: { readonly target: Target; readonly signature: Hex },
): Promise<TransactionReceipt> {
  return send(sender, {
    ...contractsOf(deployment).registry,
    functionName: "publish",
    args: [chainTarget(target), chainWeights(target.weights), signature],
    action: `publish target ${target.id}`,
    task: `publish:${target.id}`,
    urgency: target.regime === "bear" ? "exit" : "trade",
  });
}

/** The EIP-712 signature of a level. */
export async function signLevel(
  signer: Pick<LocalAccount, "signTypedData">,
  level: Level,
  place: SigningPlace,
): Promise<Hex> {
  const message = chainLevel(level);
  return signer.signTypedData({ domain: domainOf(place), types: TYPES, primaryType: "Level", message });
}

/** Publishes a week without a rebalance; anyone may send it. */
export async function publishLevel(
  sender: Sender,
  deployment: Pick<Deployment, "addresses">,
  { level, signature }: { readonly level: Level; readonly signature: Hex },
): Promise<TransactionReceipt> {
  return send(sender, {
    ...contractsOf(deployment).registry,
    functionName: "publishLevel",
    args: [chainLevel(level), signature],
    action: `publish the level of week ${level.week}`,
    task: `level:${level.week}`,
  });
}

function chainLevel({ week, regime, ...rest }: Level) {
  return { week: BigInt(week), regime: regime === "bull" ? 1 : 0, ...rest };
}

function domainOf({ chainId, registry }: SigningPlace) {
  return { name: "TM Global 100", version: "1", chainId, verifyingContract: registry } as const;
}

function typedData(target: Target, place: SigningPlace) {
  return { domain: domainOf(place), types: TYPES, primaryType: "Target", message: chainTarget(target) } as const;
}
