// Turns what services said of a deployment's sources into a file beside its record, and back.
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { AppError } from "../../core/errors.ts";
import { SOURCE_MATCHES, SOURCE_SERVICES } from "../../core/verdicts.ts";

const kindSchema = z.enum(["exact_match", "match"]).nullable();

/** What a service said of one contract; Sourcify says it of the code that creates it, and of the code that runs. */
const sourceAnswerSchema = z.strictObject({
  contract: z.string().regex(/^\w{1,64}$/),
  address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  service: z.enum(SOURCE_SERVICES),
  match: z.enum(SOURCE_MATCHES),
  creationMatch: kindSchema,
  runtimeMatch: kindSchema,
  /** Where a reader sees it; null on a chain without an explorer. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .nullable(),
  time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
});
const fileSchema = z.strictObject({ chainId: z.int().positive(), answers: z.array(sourceAnswerSchema).max(1000) });

/** One service's answer about one contract. */
export type SourceAnswer = z.infer<typeof sourceAnswerSchema>;
/** All answers about a deployment; the last one of each service about each address. */
export type SourceAnswers = z.infer<typeof fileSchema>;

const FILE = "sources.json";

/** The file of answers is not one, or is about something else. */
export class SourceAnswersUnreadableError extends AppError {
  readonly code = "SOURCE_ANSWERS_UNREADABLE";
  readonly kind = "data";

  constructor(found: string, options?: ErrorOptions) {
    super(
      `Expected ${FILE} as verify-source writes it beside the deployment, found ${found}. ` +
        "Delete it and ask the services again by verify-source.",
      options,
    );
  }
}

/**
 * What services said, or undefined when none was ever asked.
 *
 * @param folder Of the deployment.
 * @param fund Its chain, and the name of the contract at each address in lower case.
 * @throws SourceAnswersUnreadableError also for answers about another chain or other contracts.
 */
export async function readSourceAnswers(
  folder: string,
  fund: { readonly chainId: number; readonly contracts: ReadonlyMap<string, string> },
): Promise<SourceAnswers | undefined> {
  const text = await readFile(join(folder, FILE), "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SourceAnswersUnreadableError("a file that cannot be read", { cause });
  });
  if (text === undefined) return undefined;
  const read = parsed(text);
  if (read.chainId !== fund.chainId) {
    throw new SourceAnswersUnreadableError(`answers about chain ${read.chainId} instead of ${fund.chainId}`);
  }
  for (const { contract, address } of read.answers) {
    const name = fund.contracts.get(address.toLowerCase());
    if (name === contract) continue;
    throw new SourceAnswersUnreadableError(`${contract} at ${address}, where ${name ?? "nothing"} of the fund is`);
  }
  return read;
}

function parsed(text: string): SourceAnswers {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SourceAnswersUnreadableError("no JSON", { cause });
  }
  const { data, error } = fileSchema.safeParse(json);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new SourceAnswersUnreadableError(`at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`, {
    cause: error,
  });
}

/** The answers with one more, instead of what the same service said before of the same address. */
export function withAnswer({ chainId, answers }: SourceAnswers, answer: SourceAnswer): SourceAnswers {
  const others = answers.filter(({ service, address }) => service !== answer.service || address !== answer.address);
  return { chainId, answers: [...others, answer] };
}

/** Writes the file as a whole or not at all. */
export async function writeSourceAnswers(folder: string, answers: SourceAnswers): Promise<void> {
  const path = join(folder, FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(fileSchema.parse(answers), null, 2)}\n`);
  await rename(`${path}.new`, path);
}
