// Turns rows of market data into a folder of Parquet files with a manifest, and back into tables.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConflictingRowsError } from "../../history-builder.ts";
import { UnreadableFileError } from "../csv-file.ts";
import type { FieldValue } from "../csv-values.ts";
import { Database, literal, quoted } from "./database.ts";
import { replaceFolder } from "./folder.ts";
import { MANIFEST, type Manifest, type StoreSource, readManifest, sha256 } from "./manifest.ts";
import { type TableName, TABLE_NAMES, columnsOf, fileOf, keyOf } from "./tables.ts";

/** What becomes of rows whose key the store has already: an error when they differ, or the new or the old ones stay. */
export type OnConflict = "refuse" | "replace" | "keep";

/** How many rows a batch added, had in common with the store, and stated otherwise. */
export type MergeCounts = { readonly added: number; readonly known: number; readonly changed: number };

type Fill = (write: (values: readonly FieldValue[]) => void) => void;

/** Rows of a store's tables in memory, with what was added since they were read. */
export class Draft {
  readonly database: Database;
  readonly #directory: string | undefined;
  readonly #manifest: Manifest | undefined;
  readonly #loaded = new Set<TableName>();
  readonly #changed = new Set<TableName>();
  readonly #sources = new Map<string, StoreSource>();

  private constructor(database: Database, directory: string | undefined) {
    this.database = database;
    this.#directory = directory;
    this.#manifest = directory === undefined ? undefined : readManifest(directory);
    for (const source of this.#manifest?.sources ?? []) this.#sources.set(source.file, source);
  }

  /** The store of a folder, which need not exist yet; without a folder, an empty one that is never written. */
  static async open(directory?: string): Promise<Draft> {
    return new Draft(await Database.open(), directory);
  }

  /** Where the rows came from so far. */
  get sources(): StoreSource[] {
    return [...this.#sources.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  /** The table's name in SQL, its stored rows read. */
  async table(table: TableName): Promise<string> {
    if (!this.#loaded.has(table)) {
      await this.database.create(table, table);
      const stored = this.#manifest?.files.find((file) => file.table === table);
      if (stored !== undefined) await this.#load(table, join(this.#directory ?? "", stored.file));
      this.#loaded.add(table);
    }
    return quoted(table);
  }

  /** Tables with rows. */
  tables(): TableName[] {
    const stored = this.#manifest?.files.map(({ table }) => table) ?? [];
    return TABLE_NAMES.filter((table) => stored.includes(table) || this.#changed.has(table));
  }

  /**
   * Adds rows to a table, each key once. `fill` is given a function that takes one row, its values in the order of the table's columns.
   *
   * @throws ConflictingRowsError when they are to be refused and one differs from a row with the same key.
   */
  async merge(table: TableName, onConflict: OnConflict, fill: Fill): Promise<MergeCounts> {
    const target = await this.table(table);
    if ((await this.#rowsOf(table)) === 0) {
      await this.#fill(table, { name: table, fill });
      const added = await this.#rowsOf(table);
      if (added > 0) this.#changed.add(table);
      return { added, known: 0, changed: 0 };
    }
    const staging = `new_${table}`;
    await this.database.create(staging, table);
    await this.#fill(table, { name: staging, fill });
    const counts = await this.#mergeStaged(table, onConflict, { target, staging: quoted(staging) });
    await this.database.run(`DROP TABLE ${quoted(staging)}`);
    if (counts.added > 0 || (onConflict === "replace" && counts.changed > 0)) this.#changed.add(table);
    return counts;
  }

  /** Remembers where rows came from. */
  addSource(source: StoreSource): void {
    this.#sources.set(source.file, source);
  }

  /** Writes every table into the folder, which is replaced in one step. */
  async write(directory: string): Promise<Manifest> {
    return await replaceFolder(directory, async (fresh) => {
      const files: Manifest["files"] = [];
      for (const table of this.tables()) files.push(await this.#writeTable(table, fresh));
      const manifest: Manifest = { version: 2, files, sources: this.sources };
      writeFileSync(join(fresh, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
      return manifest;
    });
  }

  close(): void {
    this.database.close();
  }

  async #fill(like: TableName, { name, fill }: { readonly name: string; readonly fill: Fill }): Promise<void> {
    const writer = await this.database.writer(name, like);
    fill(writer.write);
    await writer.close();
  }

  async #rowsOf(table: TableName): Promise<number> {
    const [[rows = 0] = []] = await this.database.rows(`SELECT count(*)::INTEGER FROM ${quoted(table)}`);
    return Number(rows);
  }

  async #load(table: TableName, path: string): Promise<void> {
    if (!existsSync(path)) throw new UnreadableFileError(path, "no such file");
    try {
      await this.database.run(`INSERT INTO ${quoted(table)} BY NAME SELECT * FROM read_parquet(${literal(path)})`);
    } catch (cause) {
      throw new UnreadableFileError(path, cause);
    }
  }

  async #mergeStaged(
    table: TableName,
    onConflict: OnConflict,
    { target, staging }: { readonly target: string; readonly staging: string },
  ): Promise<MergeCounts> {
    const match = keyOf(table)
      .map((key) => `o.${quoted(key)} = n.${quoted(key)}`)
      .join(" AND ");
    const differs = columnsOf(table).map(([name]) => `o.${quoted(name)} IS DISTINCT FROM n.${quoted(name)}`);
    const joined = `FROM ${staging} n JOIN ${target} o ON ${match}`;
    const [counts = []] = await this.database.rows(
      `SELECT (SELECT count(*)::INTEGER FROM ${staging}), count(*)::INTEGER,
         (count(*) FILTER (WHERE ${differs.join(" OR ")}))::INTEGER ${joined}`,
    );
    const [all = 0, common = 0, changed = 0] = counts.map(Number);
    if (changed > 0 && onConflict === "refuse") await this.#refuse(table, `${joined} WHERE ${differs.join(" OR ")}`);
    if (changed > 0 && onConflict === "replace")
      await this.database.run(`DELETE FROM ${target} o USING ${staging} n WHERE ${match}`);
    await this.database.run(
      `INSERT INTO ${target} SELECT * FROM ${staging} n WHERE NOT EXISTS (SELECT 1 FROM ${target} o WHERE ${match})`,
    );
    return { added: all - common, known: common - changed, changed };
  }

  async #refuse(table: TableName, conflicts: string): Promise<never> {
    const keys = keyOf(table);
    const [first = []] = await this.database.rows(
      `SELECT ${keys.map((key) => `n.${quoted(key)}::VARCHAR`).join(", ")} ${conflicts} ORDER BY ALL LIMIT 1`,
    );
    throw new ConflictingRowsError(keys.map((key, i) => `${key} ${String(first[i])}`).join(", "));
  }

  async #writeTable(table: TableName, fresh: string): Promise<Manifest["files"][number]> {
    const file = fileOf(table);
    const path = join(fresh, file);
    const stored = this.#manifest?.files.find((entry) => entry.table === table);
    if (stored !== undefined && !this.#changed.has(table)) {
      copyFileSync(join(this.#directory ?? "", stored.file), path);
      return stored;
    }
    const order = keyOf(table).map(quoted).join(", ");
    await this.database.run(
      `COPY (SELECT * FROM ${quoted(table)} ORDER BY ${order}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return { file, table, rows: await this.#rowsOf(table), sha256: sha256(readFileSync(path)) };
  }
}
