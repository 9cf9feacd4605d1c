// Puts what a reader has in the place of the documents' placeholders: addresses, files, keys.
import type { DemoWorld } from "./demo-world.ts";
import { FUND, type NetworkWorld } from "./network-world.ts";

/** What stands for a value in a command, and the value. */
type Value = readonly [placeholder: RegExp, value: string];

const LEFT = /\b(?:URL|FILES?|DIR|KEY|COIN|WEEK|ACCOUNT|ADDRESS|VAULT|BLOCK|HEAD|RPC|SOURCE)\b|…|<[a-z]+>/;

/** The placeholder of a command that has no value yet. */
export function placeholderIn(command: string): string | undefined {
  return LEFT.exec(command)?.[0];
}

/** A command for the demo's chain. */
export function onDemo(command: string, world: DemoWorld): string {
  const { rpc, vault, block, holder } = world;
  return filled(command, [
    [/ RPC VAULT BLOCK$/, ` ${rpc} ${vault} ${block}`],
    [/--rpc URL/, `--rpc ${rpc}`],
    [/--vault VAULT/, `--vault ${vault}`],
    [/--from-block BLOCK/, `--from-block ${block}`],
    [/--head HEAD/, `--head ${world.head()}`],
    [/--account ACCOUNT/, `--account ${holder}`],
  ]);
}

/** A command for a network: its chain is the local one, which has another number. */
export function onNetwork(command: string, { rpc, roles, spare, accountOf }: NetworkWorld, explorer: string): string {
  return filled(command, [
    [/--api-url URL/, `--api-url ${explorer}`],
    [/--rpc URL/, `--rpc ${rpc}`],
    [/--api-key-file FILE/, "--api-key-file api.key"],
    [/--network FILE/, "--network with-another-coin.json"],
    [/--deployment FILE/, `--deployment ${FUND}`],
    [/\b8453\b/g, "31337"],
    [/--chain-id 1\b/, "--chain-id 31337"],
    [/--owner 0x…/, `--owner ${roles.owner}`],
    [/--guardian 0x…/, `--guardian ${roles.guardian}`],
    [/--keeper 0x…/, `--keeper ${roles.keeper}`],
    [/--signer 0x…/, `--signer ${roles.signer}`],
    [/--safe 0x…/, `--safe ${roles.owner}`],
    [/--to 0x…/, `--to ${roles.guardian}`],
    [/--old 0x…/, `--old ${roles.keeper}`],
    [/--new 0x…/, `--new ${accountOf("stranger")}`],
    [/--keystore KEY/, `--keystore ${keyFor(command)}.json`],
    [/--out DIR/, "--out batches"],
    [/--data DIR/, "--data simulated"],
    [/add-asset COINS…/, `add-asset ${spare.coinId}`],
    [/remove-asset COIN/, "remove-asset bitcoin"],
  ]);
}

/** A command about market data. */
export function onFiles(command: string): string {
  return filled(command, [
    [/FILES\.\.\.\|DIR\.\.\./, "days.csv"],
    [/SOURCE/, "fear-greed"],
  ]);
}

function filled(command: string, values: readonly Value[]): string {
  return values.reduce((text, [placeholder, value]) => text.replace(placeholder, value), command);
}

/** Whose key signs. */
function keyFor(command: string): string {
  if (command.includes(" deploy ")) return "deployer";
  return / (?:doctor|keeper) /.test(command) ? "keeper" : "bob";
}
