// Turns what was tried into lines of the register of trials, and its lines into their count.
import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalHash, canonicalJson } from "../core/canonical-json.ts";
import { AppError } from "../core/errors.ts";
import { type IsoDate } from "../core/time.ts";
import type { Evaluation, Setting } from "./evaluate.ts";
import type { MarketPath } from "./market-path.ts";

const lineSchema = z.strictObject({
  /** keccak-256 of the canonical JSON of what was tried: the same trial on the same data has the same. */
  id: z.string().regex(/^0x[0-9a-f]{64}$/),
  /** What was run: one strategy, or a whole grid of them. */
  tried: z.string().min(1),
  /** Strategies in it. */
  trials: z.int().min(1),
  rules: z.string().min(1),
  from: z.string(),
  to: z.string(),
  costs: z.record(z.string(), z.union([z.string(), z.number()])),
  delayDays: z.int().min(0),
  cashRate: z.number(),
  /** sha-256 of the index's path. */
  data: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the strategy, or of the best of the grid by its Sharpe ratio; `null` where undefined. */
  sharpe: z.number().nullable(),
  cagr: z.number(),
  max_drawdown: z.number(),
});

/** One line of the register. */
export type RegisteredTrial = z.infer<typeof lineSchema>;

/** The register holds a line that is none. */
export class BrokenRegisterError extends AppError {
  readonly code = "BROKEN_REGISTER";
  readonly kind = "data";

  constructor(line: number, detail: string) {
    super(
      `Line ${line} of the register of trials is none (${detail}). Expected one JSON object a line, only ever appended: ` +
        "restore the file from the repository's history.",
    );
  }
}

/** What a line is about. */
export type Tried = {
  readonly tried: string;
  readonly trials: number;
  readonly range: { readonly from: IsoDate; readonly to: IsoDate };
  readonly setting: Setting;
  readonly path: MarketPath;
  readonly figures: { readonly sharpe: number; readonly cagr: number; readonly max_drawdown: number };
};

/** {1} Digits of the figures in the register. */
const DIGITS = 6;

/** The line of a trial. */
export function registeredTrial({ tried, trials, range, setting, path, figures }: Tried): RegisteredTrial {
  const { rules, costs, delayDays, cashRate } = setting;
  const about = { tried, trials, rules: rules.name, from: range.from, to: range.to, costs, delayDays, cashRate };
  const key = { ...about, data: digestOf(path) };
  const { sharpe, cagr, max_drawdown } = figures;
  return {
    id: canonicalHash(key),
    ...key,
    sharpe: Number.isFinite(sharpe) ? short(sharpe) : null,
    cagr: short(cagr),
    max_drawdown: short(max_drawdown),
  };
}

/** The line of a strategy that was run. */
export function evaluatedTrial(
  { name: tried, figures, run }: Evaluation,
  where: { readonly setting: Setting; readonly path: MarketPath },
): RegisteredTrial {
  const { from, to } = where.setting.range;
  const range = { from: run.dates[0] ?? from, to: run.dates.at(-1) ?? to };
  return registeredTrial({ tried, trials: 1, range, figures, ...where });
}

/** The text of a line, without its break. */
export function registerLine(trial: RegisteredTrial): string {
  return canonicalJson(trial);
}

/** The trials of a register's text. @throws BrokenRegisterError */
export function parseRegister(text: string): RegisteredTrial[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new BrokenRegisterError(lines.length + 1, "it does not end with a line break");
  return lines.map((line, i) => {
    let parsed: ReturnType<typeof lineSchema.safeParse>;
    try {
      parsed = lineSchema.safeParse(JSON.parse(line));
    } catch {
      throw new BrokenRegisterError(i + 1, "it is no JSON");
    }
    if (!parsed.success) throw new BrokenRegisterError(i + 1, z.prettifyError(parsed.error).split("\n")[0] ?? "");
    return parsed.data;
  });
}

/** Strategies ever run, the same one on the same data once. */
export function countTrials(register: readonly RegisteredTrial[]): number {
  const distinct = new Map(register.map(({ id, trials }) => [id, trials]));
  return [...distinct.values()].reduce((total, trials) => total + trials, 0);
}

/** sha-256, in hexadecimal, of the index's first day and weekly levels: what a strategy saw. */
export function digestOf({ firstDay, weekly }: MarketPath): string {
  return createHash("sha256").update(`${firstDay}\n`).update(Float64Array.from(weekly)).digest("hex");
}

function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
