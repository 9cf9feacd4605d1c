// A process of its own that appends lines to a journal: `append-child.ts <file or url> <schema> <count>`.
import { openStore } from "../../../../src/keeper/store/open.ts";

const [place = "", schema = "", count = ""] = process.argv.slice(2);
const clock = { now: () => 1_000 };
const where = place.startsWith("postgresql:") ? { databaseUrl: place, schema } : { file: place };
const store = await openStore({ ...where, clock });
const journal = store.journal("shared");
for (let i = 0; i < Number(count); i++) {
  await journal.append({ task: `task:${process.pid}`, step: "planned", note: { i } });
  if (i === 0) process.stdout.write("started\n");
}
await store.close();
