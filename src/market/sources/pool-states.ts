// Turns a JSON file of the full states of Uniswap v3 pools into checked states, and into rows of pools and of ticks.
import { isUtf8 } from "node:buffer";
import { AppError } from "../../core/errors.ts";
import { TruncatedFileError } from "./csv-file.ts";
import type { FieldValue } from "./csv-values.ts";
import type { FileReport } from "./file-report.ts";
import { type PoolStateRecord, contradictionIn, poolStateSchema } from "./pool-state-schema.ts";
import { type TableName, columnsOf } from "./store/tables.ts";

/** A value of a pool's state is missing, of another form, or contradicts another one. */
export class BadPoolStateError extends AppError {
  readonly code = "BAD_POOL_STATE";
  readonly kind = "data";
  readonly file: string;
  readonly pool: string;
  readonly field: string;

  constructor(
    at: { readonly file: string; readonly pool: string; readonly field: string },
    values: { readonly expected: string; readonly found: string },
  ) {
    super(
      `${at.file}, pool ${at.pool}, field ${at.field}: expected ${values.expected}, found ${values.found}. ` +
        "Repair the value or fetch the pool's state again.",
    );
    this.file = at.file;
    this.pool = at.pool;
    this.field = at.field;
  }
}

/** A file whose name ends in .json holds something else. */
export class MalformedJsonError extends AppError {
  readonly code = "MALFORMED_JSON";
  readonly kind = "data";

  constructor(file: string, found: string) {
    super(`${file}: expected a JSON list of pool states in UTF-8, found ${found}. Repair the file or fetch it again.`);
  }
}

/** Rows of each table, their values in the order of its columns. */
export type PoolRows = Readonly<Record<"pool_states" | "pool_ticks", readonly (readonly FieldValue[])[]>>;

/** Names of fields by which a JSON file is recognized as one of pool states. */
const FIELDS = /"(?:sqrt_price_x96|tick_spacing|ticks)"/;

/** Whether the beginning of a JSON file is that of a list of pool states, sound or not. */
export function isPoolStates(head: string): boolean {
  return /^\uFEFF?\s*\[/.test(head) && FIELDS.test(head);
}

/**
 * The states of a file, in its order.
 *
 * @throws MalformedJsonError for anything but a JSON list, TruncatedFileError for an empty one, BadPoolStateError with
 *   pool and field at the first value that is malformed or contradicts the others.
 */
export function readPoolStates(path: string, bytes: Buffer): PoolStateRecord[] {
  const states = listOf(path, bytes).map((value, i) => stateOf(path, value, i));
  refuseRepeats(path, states);
  return states;
}

/** The rows of a file: one a pool and block, and one a tick that has liquidity. @throws as {@link readPoolStates}. */
export function readPoolRows({ path, file, bytes }: { path: string; file: string; bytes: Buffer }): {
  readonly report: FileReport;
  readonly rows: PoolRows;
} {
  const states = readPoolStates(path, bytes);
  const rows = {
    pool_states: states.map((state) => rowOf("pool_states", state)),
    pool_ticks: states.flatMap(tickRows),
  };
  const count = rows.pool_states.length + rows.pool_ticks.length;
  const pools = new Set(states.map(({ pool }) => pool)).size;
  return { report: { file, format: "pool-states", rows: count, coins: pools }, rows };
}

function listOf(path: string, bytes: Buffer): readonly unknown[] {
  if (!isUtf8(bytes)) throw new MalformedJsonError(path, "other bytes");
  const list = parsed(path, bytes.toString("utf8").replace(/^\uFEFF/, ""));
  if (!Array.isArray(list)) throw new MalformedJsonError(path, "no list");
  if (list.length === 0) throw new TruncatedFileError(path, "the list of pool states is empty");
  return list;
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedJsonError(path, cause instanceof Error ? cause.message : String(cause));
  }
}

function stateOf(file: string, value: unknown, index: number): PoolStateRecord {
  const result = poolStateSchema.safeParse(value);
  const issue = result.error?.issues[0];
  const wrong = issue === undefined ? undefined : { path: issue.path, expected: issue.message };
  const defect = result.success ? contradictionIn(result.data) : wrong;
  if (result.success && defect === undefined) return result.data;
  const path = defect?.path ?? [];
  const pool = valueAt(value, ["pool"]);
  throw new BadPoolStateError(
    { file, pool: typeof pool === "string" ? pool : `number ${index + 1}`, field: path.join(".") || "(all)" },
    { expected: defect?.expected ?? "a pool's state", found: described(valueAt(value, path)) },
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    return typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined;
  }, value);
}

function described(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}

function refuseRepeats(file: string, states: readonly PoolStateRecord[]): void {
  const seen = new Set<string>();
  for (const { chain_id: chain, pool, block } of states) {
    const key = [chain, pool, block].join();
    if (seen.has(key)) {
      const values = { expected: "each pool once at a block", found: `block ${block} of chain ${chain} again` };
      throw new BadPoolStateError({ file, pool, field: "block" }, values);
    }
    seen.add(key);
  }
}

function rowOf(table: TableName, values: Readonly<Record<string, unknown>>): FieldValue[] {
  return columnsOf(table).map(([column]) => values[column] as FieldValue); // the schema has a field for every column
}

function tickRows(state: PoolStateRecord): FieldValue[][] {
  return state.ticks.map(([tick, gross, net]) =>
    rowOf("pool_ticks", { ...state, tick, liquidity_gross: gross, liquidity_net: net }),
  );
}
