// Turns the command line of `npm run bench:gas` into a table of gas figures, and compares them with those on record.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import { type Measured, measureExitAlone, measureLife } from "./gas-bench-rows.ts";
import { type BenchWorld, type Scenario, openBenchWorld } from "./gas-bench-world.ts";

/** Where the table goes. */
type Output = { readonly log: (line: string) => void; readonly error: (line: string) => void };

/** A row as files keep it. */
const rowSchema = z.object({
  name: z.string(),
  gas: z.number().int(),
  limit: z.number().int(),
  bare: z.number().int().nullable(),
});
const fileSchema = z.object({ rows: z.array(rowSchema) });
type Row = z.infer<typeof rowSchema>;

const SNAPSHOT = new URL("../../bench/gas-snapshot.json", import.meta.url);
/** {1} A figure may be above the one on record by this: addresses in calldata change with the order of deployment. */
const TOLERANCE = 0.005;
const COLUMNS = ["what", "gas", "limit", "bare", "router", "gas/bare", "ticks", "txs"] as const;

/**
 * Measures, prints, and writes what the options ask for: `--json FILE`, `--check` against the snapshot, `--record` the
 * snapshot anew, `--breakdown` of each line by groups of instructions, `--quick` without the lines of 200 assets.
 *
 * @returns The exit code: 1 when `--check` finds a worse figure.
 */
export async function benchGas(args: readonly string[], output: Output): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: "string" }, check: flag, record: flag, breakdown: flag, quick: flag },
  });
  const measured = await measureAll(values.quick, values.breakdown);
  printTable(measured, output);
  if (values.breakdown) for (const row of measured) printParts(row, output);
  const rows = measured.map(rowOf);
  if (values.json !== undefined) write(values.json, rows);
  if (values.record) write(SNAPSHOT, rows);
  return values.check ? compare(rows, output, values.quick) : 0;
}

async function measureAll(isQuick: boolean, isTraced: boolean): Promise<readonly Measured[]> {
  const hundred: Scenario = { assets: 100, routed: 0, feeds: "half", cardinality: 30, isTraced };
  const rows = await within(hundred, (world) => measureLife(world));
  const ether = { name: "exit of 100 assets, 70 through WETH", limit: 12_500_000n };
  rows.push(...(await within({ ...hundred, routed: 70 }, (world) => measureExitAlone(world, ether))));
  if (isQuick) return rows;
  const unfed = { name: "exit of 100 assets, no feeds, cardinality 160", limit: 16_000_000n };
  const far = { ...hundred, feeds: "none", cardinality: 160 } as const;
  rows.push(...(await within(far, (world) => measureExitAlone(world, unfed))));
  const twoHundred: Scenario = { ...hundred, assets: 200 };
  rows.push(...(await within(twoHundred, (world) => measureLife(world))));
  const twice = { name: "exit of 200 assets, 140 through WETH", limit: 25_000_000n };
  rows.push(...(await within({ ...twoHundred, routed: 140 }, (world) => measureExitAlone(world, twice))));
  return rows;
}

/** Prints where the gas of a row went: what bounds it. */
function printParts({ name, gas, parts }: Measured, output: Output): void {
  output.log(`\n${name}, ${gas.toLocaleString("en-US")} gas:`);
  for (const part of parts) {
    const share = ((100 * part.gas) / Number(gas)).toFixed(1);
    const figures = `${part.gas.toLocaleString("en-US").padStart(12)} ${share.padStart(5)} % ${String(part.count).padStart(8)} times`;
    output.log(`  ${part.group.padEnd(40)} ${figures}`);
  }
}

/** Opens a world, measures in it, and closes it. */
async function within(scenario: Scenario, run: (world: BenchWorld) => Promise<Measured[]>): Promise<Measured[]> {
  const world = await openBenchWorld(scenario);
  try {
    return await run(world);
  } finally {
    await world.market.close();
  }
}

function printTable(measured: readonly Measured[], output: Output): void {
  const number = (value: bigint | undefined): string => value?.toLocaleString("en-US") ?? "";
  const lines = measured.map(({ name, gas, limit, bare, router, crossed, transactions }) => [
    name,
    number(gas) + (gas > limit ? " !" : "  "),
    number(limit),
    number(bare),
    number(router),
    bare === undefined ? "" : (Number(gas) / Number(bare)).toFixed(2),
    crossed === undefined ? "" : String(crossed),
    String(transactions.length),
  ]);
  const widths = COLUMNS.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)));
  for (const line of [COLUMNS, ...lines]) {
    output.log(
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    );
  }
}

function rowOf({ name, gas, limit, bare }: Measured): Row {
  return { name, gas: Number(gas), limit: Number(limit), bare: bare === undefined ? null : Number(bare) };
}

function write(file: string | URL, rows: readonly Row[]): void {
  if (typeof file === "string") mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ rows }, undefined, 2)}\n`);
}

/** Prints every row that is worse than on record, or on one side only, with both figures. */
function compare(rows: readonly Row[], output: Output, isPartial: boolean): number {
  const all = fileSchema.parse(JSON.parse(readFileSync(SNAPSHOT, "utf8"))).rows;
  const recorded = isPartial ? all.filter(({ name }) => rows.some((row) => row.name === name)) : all;
  const before = new Map(recorded.map((row) => [row.name, row.gas]));
  const after = new Map(rows.map((row) => [row.name, row.gas]));
  const faults = [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (was !== undefined && is !== undefined && is <= was * (1 + TOLERANCE)) return [];
    return [`${name}: ${is ?? "not measured"} gas, on record ${was ?? "nothing"}`];
  });
  for (const fault of faults) output.error(`WORSE  ${fault}`);
  return faults.length === 0 ? 0 : 1;
}
