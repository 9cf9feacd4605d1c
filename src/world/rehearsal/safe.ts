// Turns named accounts into a real Safe on a local chain, and batches of its transaction builder into what it sends.
import {
  type Address,
  type Hex,
  concat,
  encodeFunctionData,
  encodePacked,
  hexToBigInt,
  parseAbi,
  size,
  zeroAddress,
} from "viem";

import { AppError } from "../../core/errors.ts";
import type { SafeBatch } from "../../execute/safe-batch.ts";
import { initCode, packageArtifact } from "../artifacts.ts";
import type { AccountName } from "../dev-accounts.ts";
import type { LocalChain } from "../local-chain.ts";

const BUILD = "@safe-global/safe-smart-account/build/artifacts/contracts";
const SAFE_ABI = parseAbi([
  "function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)",
  "function nonce() view returns (uint256)",
  "function getTransactionHash(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, uint256 nonce) view returns (bytes32)",
  "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool)",
]);
const FACTORY_ABI = parseAbi([
  "function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address proxy)",
  "event ProxyCreation(address indexed proxy, address singleton)",
]);
const MULTISEND_ABI = parseAbi(["function multiSend(bytes transactions) payable"]);
const CALL = 0;
const DELEGATE_CALL = 1;

/** A Safe's code, factory and batch library on a chain. */
export type SafeHouse = { readonly singleton: Address; readonly factory: Address; readonly multiSend: Address };

/** A Safe and who signs for it. */
export type Safe = { readonly address: Address; readonly signers: readonly AccountName[]; readonly house: SafeHouse };

/** A batch of a Safe was refused. */
export class SafeRefusedError extends AppError {
  readonly code = "SAFE_REFUSED";
  readonly kind = "chain";

  constructor(name: string, options: ErrorOptions) {
    super(`Expected the Safe to carry out the batch '${name}', found that it reverted.`, options);
  }
}

/** Deploys what every Safe of a chain shares. */
export async function openSafeHouse(chain: LocalChain): Promise<SafeHouse> {
  const maker = chain.accounts.maker.address;
  const create = (file: string): Promise<Address> => chain.deploy(maker, initCode(packageArtifact(`${BUILD}/${file}`)));
  return {
    singleton: await create("Safe.sol/Safe.json"),
    factory: await create("proxies/SafeProxyFactory.sol/SafeProxyFactory.json"),
    multiSend: await create("libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json"),
  };
}

/** A new Safe that needs two of three signers. */
export async function openSafe(
  chain: LocalChain,
  house: SafeHouse,
  signers: readonly [AccountName, AccountName, AccountName],
): Promise<Safe> {
  const owners = signers.map((name) => chain.accounts[name].address);
  const initializer = encodeFunctionData({
    abi: SAFE_ABI,
    functionName: "setup",
    args: [owners, 2n, zeroAddress, "0x", zeroAddress, zeroAddress, 0n, zeroAddress],
  });
  const maker = chain.accounts.maker.address;
  const salt = hexToBigInt(concat(owners.slice(0, 1)));
  const args = [house.singleton, initializer, salt] as const;
  const { result } = await chain.publicClient.simulateContract({
    address: house.factory,
    abi: FACTORY_ABI,
    functionName: "createProxyWithNonce",
    args,
    account: maker,
  });
  const data = encodeFunctionData({ abi: FACTORY_ABI, functionName: "createProxyWithNonce", args });
  await chain.send(maker, { to: house.factory, data });
  return { address: result, signers, house };
}

/** Has two of the signers sign a batch, and sends it. @throws SafeRefusedError when it reverts. */
export async function executeBatch(chain: LocalChain, safe: Safe, batch: SafeBatch): Promise<Hex> {
  const calls = batch.transactions.map(({ to, value, data }) =>
    encodePacked(
      ["uint8", "address", "uint256", "uint256", "bytes"],
      [CALL, to, BigInt(value), BigInt(size(data)), data],
    ),
  );
  const data = encodeFunctionData({ abi: MULTISEND_ABI, functionName: "multiSend", args: [concat(calls)] });
  const shared = [safe.house.multiSend, 0n, data, DELEGATE_CALL, 0n, 0n, 0n, zeroAddress, zeroAddress] as const;
  const contract = { address: safe.address, abi: SAFE_ABI };
  const nonce = await chain.publicClient.readContract({ ...contract, functionName: "nonce" });
  const hash = await chain.publicClient.readContract({
    ...contract,
    functionName: "getTransactionHash",
    args: [...shared, nonce],
  });
  // A Safe wants its signatures in the order of the signers' addresses.
  const signing = safe.signers
    .slice(0, 2)
    .map((name) => chain.accounts[name])
    .sort((one, other) => (BigInt(one.address) < BigInt(other.address) ? -1 : 1));
  const signatures = concat(await Promise.all(signing.map((account) => account.sign({ hash }))));
  const sent = encodeFunctionData({ abi: SAFE_ABI, functionName: "execTransaction", args: [...shared, signatures] });
  try {
    return await chain.send(chain.accounts.stranger.address, { to: safe.address, data: sent });
  } catch (cause) {
    throw new SafeRefusedError(batch.meta.name, { cause });
  }
}
