// Turns a coin and a week into a Merkle proof that it was in the index or was not, checked against the root on chain.
import { type Command } from "commander";
import { type Hex, zeroHash } from "viem";

import { vaultLensAbi } from "../../../core/abi.ts";
import { AppError } from "../../../core/errors.ts";
import { mondayOfWeek } from "../../../core/time.ts";
import {
  type MembershipAnswer,
  type MembershipProof,
  membersOf,
  membershipProof,
  membershipRoot,
  provesAbsence,
  provesMember,
} from "../../../engine/membership.ts";
import { type Fund, contractsOf } from "../../../execute/contracts.ts";
import { publicationOfWeek } from "../../../record/publications.ts";
import { addChainOptions } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { type LedgerOptions, ledgerFileOption, openLedger } from "../ledger-access.ts";
import { parseWeek } from "../line-filter.ts";
import { formatNumber } from "../../../site/amounts.ts";
import { printJson, printText } from "../output.ts";
import { type ReplayOptions, addReplayOptions, replayWeek } from "../replayed-decision.ts";

type Options = LedgerOptions & ReplayOptions;

/** A proof about a coin, and who confirmed it. */
type Proven = {
  readonly coinId: string;
  readonly week: number;
  readonly root: Hex;
  readonly answer: MembershipAnswer;
  readonly checkedBy: "contract" | "ledger";
};

/** The members at hand do not have the root of the week. */
export class MembersDifferError extends AppError {
  readonly code = "MEMBERS_DIFFER";
  readonly kind = "data";

  constructor(week: number, { chain, found }: { readonly chain: Hex; readonly found: Hex }) {
    const state = chain === zeroHash ? "the chain has none for that week" : `the root on chain is ${chain}`;
    super(
      `Expected the members of week ${week} as they were published, found some of root ${found}, but ${state}. ` +
        "Take them from the week's snapshot (--snapshots), or from the data that the decision was taken from.",
    );
  }
}

/** The proof does not hold against the root. */
export class ProofRefusedError extends AppError {
  readonly code = "PROOF_REFUSED";
  readonly kind = "data";

  constructor(coinId: string, root: Hex) {
    super(`Expected a proof about ${coinId} that holds against root ${root}, found one that does not. Report this.`);
  }
}

/** Adds `prove-member` to the program. */
export function registerProveMember(program: Command): void {
  const command = program
    .command("prove-member")
    .description("prove that a coin was in a week's index, with rank and cap, or that it was not")
    .argument("<coin>", "id of the coin, as `universe` prints it")
    .argument("<week>", "a day of the week, or its number", parseWeek)
    .addOption(ledgerFileOption());
  addChainOptions(addReplayOptions(command)).action(async (coinId: string, week: number, options: Options) => {
    const proven = await prove(coinId, week, options);
    if (options.json) printJson(provenJson(proven));
    else printText(provenText(proven));
  });
}

async function prove(coinId: string, week: number, options: Options): Promise<Proven> {
  const { decision } = await replayWeek(options, week);
  const members = membersOf(decision.index);
  const found = membershipRoot(members);
  const answer = membershipProof(members, coinId);
  const check = (chain: Hex): void => {
    if (chain !== found) throw new MembersDifferError(week, { chain, found });
  };
  const proven = { coinId, week, root: found, answer };
  if (options.log !== undefined) {
    const { ledger } = await openLedger(options);
    check(publicationOfWeek(ledger.lines, week).membershipRoot);
    requireHeld(proven);
    return { ...proven, checkedBy: "ledger" };
  }
  return withFund(options, async (fund) => {
    const { registry } = contractsOf(fund.deployment);
    check(await fund.client.readContract({ ...registry, functionName: "rootOf", args: [BigInt(week)] }));
    requireHeld(proven);
    if (!(await isConfirmed(fund, proven))) throw new ProofRefusedError(coinId, found);
    return { ...proven, checkedBy: "contract" };
  });
}

/** Checks the proof without the tree that it was made from. @throws ProofRefusedError when it does not hold. */
function requireHeld({ coinId, root, answer }: Omit<Proven, "checkedBy">): void {
  const [proof] = answer.proofs;
  const holds = answer.isMember
    ? proof !== undefined && provesMember(root, answer.count, proof)
    : provesAbsence(root, answer, coinId);
  if (!holds) throw new ProofRefusedError(coinId, root);
}

/** Asks the contract that anybody can ask, on an explorer as well. */
async function isConfirmed({ client, deployment }: Fund, { coinId, week, answer }: Omit<Proven, "checkedBy">) {
  const lens = { address: deployment.addresses.lens, abi: vaultLensAbi } as const;
  const [proof] = answer.proofs;
  if (answer.isMember && proof !== undefined) {
    const args = [BigInt(week), answer.count, proof] as const;
    return await client.readContract({ ...lens, functionName: "provesMember", args });
  }
  const args = [BigInt(week), answer.count, coinId, answer.proofs] as const;
  return await client.readContract({ ...lens, functionName: "provesAbsence", args });
}

function provenJson({ coinId, week, root, answer, checkedBy }: Proven) {
  const { count, isMember, proofs } = answer;
  return {
    coinId,
    week,
    date: mondayOfWeek(week),
    isMember,
    root,
    checkedBy,
    count: Number(count),
    proofs: proofs.map(({ position, member, siblings }) => ({
      position: Number(position),
      member: { ...member, rank: Number(member.rank), capUsd: String(member.capUsd) },
      siblings: [...siblings],
    })),
  };
}

function provenText({ coinId, week, root, answer, checkedBy }: Proven): string {
  const { count, isMember, proofs } = answer;
  const when = `in week ${week} (Monday ${mondayOfWeek(week)})`;
  const by =
    checkedBy === "contract"
      ? "VaultLens confirms it against the root on chain"
      : "It holds against the root in the ledger";
  return [
    isMember
      ? `Proven: ${coinId} is one of ${count} members ${when}.`
      : `Proven: ${coinId} is none of ${count} members ${when}.`,
    ...proofs.map((proof) => (isMember ? memberWords(proof) : `Beside it stands ${memberWords(proof)}`)),
    `${by}, ${root}.`,
    "The proof itself: --json.",
  ].join("\n");
}

function memberWords({ position, member, siblings }: MembershipProof): string {
  const { coinId, rank, capUsd, why } = member;
  return `${coinId}: rank ${rank}, mean cap ${formatNumber(Number(capUsd), 0)} USD, ${why}; position ${position}, ${siblings.length} hashes.`;
}
