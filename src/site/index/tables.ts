// Names the tables of the index: each row belongs to a line of the ledger or to a block, so that a fork takes it out.

/** "TM1S", by which the file is known. */
export const APPLICATION_ID = 0x544d3153;
/** Of these tables; a file of another version is made anew. */
export const VERSION = 1;

/** Amounts are decimal strings in raw units; addresses and hashes are lower-case hexadecimal; times are {s}. */
export const TABLES = `
  pragma application_id = ${APPLICATION_ID};
  pragma user_version = ${VERSION};
  create table place (id integer primary key check (id = 1), chain integer not null, vault text not null,
    first integer not null) strict;
  create table blocks (number integer primary key, hash text not null, time integer not null) strict;
  create table lines (sequence integer primary key, head text not null, event text not null, args text not null,
    block integer not null, hash text not null, time integer not null) strict;
  create index lines_event on lines (event, sequence);
  create index lines_block on lines (block);
  create index lines_hash on lines (hash);
  create table tokens (id integer primary key, sequence integer not null, token text not null, asset integer not null,
    coin text not null, decimals integer not null) strict;
  create index tokens_token on tokens (token, sequence);
  create table starts (sequence integer primary key, id integer not null, regime text not null, time integer not null)
    strict;
  create index starts_id on starts (id);
  create table ends (start integer primary key, sequence integer not null, time integer not null) strict;
  create table legs (sequence integer primary key, start integer not null, rebalance integer not null,
    position integer not null, executed integer not null, sold integer not null, bought integer not null,
    regime text not null, reason text, hash text not null, time integer not null) strict;
  create index legs_start on legs (start, sequence);
  create index legs_rebalance on legs (rebalance, sequence);
  create index legs_sold on legs (sold, sequence);
  create index legs_bought on legs (bought, sequence);
  create index legs_executed on legs (executed, sequence);
  create index legs_regime on legs (regime, sequence);
  create index legs_time on legs (time, sequence);
  create index legs_hash on legs (hash);
  create index legs_reason on legs (reason) where reason is not null;
  create table parties (account text not null, sequence integer not null, primary key (account, sequence))
    strict, without rowid;
  create table transfers (block integer not null, position integer not null, sender text not null,
    receiver text not null, shares text not null, hash text not null, time integer not null,
    primary key (block, position)) strict;
  create index transfers_sender on transfers (sender, block);
  create index transfers_receiver on transfers (receiver, block);
  create table receipts (hash text primary key, block integer not null, gas integer not null, price text not null)
    strict;
`;
