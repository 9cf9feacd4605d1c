// Turns the fund's contracts into what is fixed in their code, and the code's hashes.
import { type Address, type Hex, keccak256 } from "viem";

import { delayedAccessManagerAbi } from "../../core/abi.ts";
import { type Fund, contractsOf } from "../../execute/contracts.ts";
import { CAPS } from "../../plan/caps.ts";
import type { RulesAnswer } from "../answers/rules.ts";

/** A contract; the hash is null where no code is. */
export type ContractFact = { readonly name: string; readonly address: Address; readonly codeHash: Hex | null };

/** Times and caps that no role can change. */
export async function fetchConstants({ client, deployment }: Fund): Promise<RulesAnswer["constants"]> {
  const { registry, rebalancer } = contractsOf(deployment);
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
  const [veto, validity, keeper, rebalance, admin] = await Promise.all([
    client.readContract({ ...registry, functionName: "VETO_DELAY" }),
    client.readContract({ ...registry, functionName: "LONGEST_VALIDITY" }),
    client.readContract({ ...rebalancer, functionName: "KEEPER_TIME" }),
    client.readContract({ ...rebalancer, functionName: "REBALANCE_TIME" }),
    client.readContract({ ...manager, functionName: "ADMIN_DELAY" }),
  ]);
  const seconds = (name: string, value: bigint | number, meaning: string): RulesAnswer["constants"][number] => {
    return { name, value: String(value), unit: "s", meaning };
  };
  return [
    seconds("vetoDelay", veto, "a target that leads into the market waits so long for a veto"),
    seconds("longestValidity", validity, "no target can be started later than this after its publication"),
    seconds("keeperTime", keeper, "after that anyone may carry out an exit"),
    seconds("rebalanceTime", rebalance, "afterwards a rebalance only sells, and the next start closes it"),
    seconds("adminDelay", admin, "whatever an admin does was announced so long before"),
    ...Object.entries(CAPS).map(([name, cap]) => {
      return { name: `cap.${name}`, value: String(cap), unit: "ppm", meaning: CAP_WORDS[name as keyof typeof CAPS] };
    }),
  ];
}

const CAP_WORDS: Readonly<Record<keyof typeof CAPS, string>> = {
  bitcoin: "the most of a bull target that bitcoin may be",
  ether: "the most of a bull target that ether may be",
  feed: "the most of a bull target that an asset with a feed may be",
  pool: "the most of a bull target that an asset priced by a pool may be",
  pools: "the most of a bull target that all assets priced by pools may be together",
  young: "the most of a bull target that an asset listed less than 30 days ago may be",
  issuer: "the most of a bear target that one stablecoin may be",
};

/** Every contract of the deployment with the hash of its code. */
export async function fetchContracts({ client, deployment }: Fund, blockNumber: bigint): Promise<ContractFact[]> {
  const { libraries, ...parts } = deployment.addresses;
  const all = Object.entries({ ...parts, ...libraries });
  return Promise.all(
    all.map(async ([name, address]) => {
      const code = await client.getCode({ address, blockNumber });
      return { name, address, codeHash: code === undefined ? null : keccak256(code) };
    }),
  );
}
