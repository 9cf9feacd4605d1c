// Turns what is configured into the keeper's memory: a file of this machine, or a database that keepers share.
import { openPostgresStore } from "./postgres.ts";
import { openSqliteStore, readSqliteStore } from "./sqlite.ts";
import type { Clock, KeeperStore } from "./store.ts";

/** Where the journal is: in a file, or in a schema of a database. */
export type StorePlace = { readonly clock: Clock; readonly leaseClock?: Clock } & (
  | { readonly file: string; readonly databaseUrl?: undefined }
  | { readonly databaseUrl: string; readonly schema: string }
);

/** Opens the memory to act on it, and begins one where there is none. @throws JournalForeignError and the others. */
export async function openStore(place: StorePlace): Promise<KeeperStore> {
  if (place.databaseUrl === undefined) return openSqliteStore(place.file, place);
  // Between machines the lease goes by the database's clock.
  return openPostgresStore({ url: place.databaseUrl, schema: place.schema, clock: place.clock });
}

/** Opens the memory to look at it. @throws JournalMissingError when a file is not there yet. */
export async function readStore(place: StorePlace): Promise<KeeperStore> {
  return place.databaseUrl === undefined ? readSqliteStore(place.file, place) : openStore(place);
}
