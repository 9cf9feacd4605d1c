// A process of its own that appends lines to a journal: `append-child.ts <file or url> <schema> <count>`.
import { openStore } from "../../../../src/keeper/store/open.ts";

/** The test runner loads this file too, and must not run it. */
if (process.argv[1] === import.meta.filename) await append(process.argv.slice(2));

async function append([place = "", schema = "", count = ""]: readonly string[]): Promise<void> {
  const clock = { now: () => 1_000 };
  const where = place.startsWith("postgresql:") ? { databaseUrl: place, schema } : { file: place };
  const store = await openStore({ ...where, clock });
  const journal = store.journal("shared");
  for (let i = 0; i < Number(count); i++) {
    await journal.append({ task: `task:${process.pid}`, step: "planned", note: { i } });
    if (i === 0) process.stdout.write("started\n");
  }
  await store.close();
}
