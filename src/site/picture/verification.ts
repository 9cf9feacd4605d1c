// Turns the fund's code, and the file of what services said of its sources, into how far the code is verified.
import { AppError } from "../../core/errors.ts";
import type { Fund } from "../../execute/contracts.ts";
import { type SourceAnswers, readSourceAnswers } from "../../execute/deploy/source-answers.ts";
import { judgeCode } from "../../execute/runtime-code.ts";
import type { RulesAnswer } from "../answers/rules.ts";
import { contractJson, fetchCodes } from "./code-facts.ts";

/** Every contract with both, and whether the file could be read. */
export type Verification = Pick<RulesAnswer, "contracts" | "sources">;

/** Compares all code with what this checkout compiles to. @param folder Of the deployment, if it has one. */
export async function fetchVerification(
  fund: Fund,
  blockNumber: bigint,
  folder: string | undefined,
): Promise<Verification> {
  const { chainId, addresses } = fund.deployment;
  const codes = await fetchCodes(fund, blockNumber);
  const names = new Map(codes.map(({ contract, address }) => [address.toLowerCase(), contract]));
  const { sources, said } = await readSaid(folder, { chainId, contracts: names });
  const contracts = codes.map(async (found) => {
    const code = await judgeCode(found, addresses.libraries);
    const about = said.filter(({ address }) => address.toLowerCase() === found.address.toLowerCase());
    return contractJson(found, { chainId, code, answers: about });
  });
  return { contracts: await Promise.all(contracts), sources };
}

type Said = Pick<RulesAnswer, "sources"> & { readonly said: SourceAnswers["answers"] };

/** A file that cannot be believed is told of, and nothing in it is shown. */
async function readSaid(
  folder: string | undefined,
  fund: { readonly chainId: number; readonly contracts: ReadonlyMap<string, string> },
): Promise<Said> {
  try {
    const read = folder === undefined ? undefined : await readSourceAnswers(folder, fund);
    return {
      sources: { state: read === undefined ? "never-asked" : "asked", trouble: null },
      said: read?.answers ?? [],
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { sources: { state: "unreadable", trouble: error.message }, said: [] };
  }
}
