// Turns what a command names on a chain into its link to an explorer, for people and for programs.
import { type ExplorerKind, explorerLink } from "../../core/explorer.ts";

/** What a link leads to. */
type Linked = readonly [kind: ExplorerKind, value: string | bigint | number];

/** `, https://…` to go behind what is shown; nothing on a chain without an explorer, as the local one. */
export function linkText(chainId: number, ...[kind, value]: Linked): string {
  const link = explorerLink(chainId, kind, value);
  return link === undefined ? "" : `, ${link}`;
}

/** The link as a line of its own; no line on a chain without an explorer. */
export function linkLines(chainId: number, ...[kind, value]: Linked): string[] {
  const link = explorerLink(chainId, kind, value);
  return link === undefined ? [] : [`  ${link}`];
}

/** The link as a field beside a hash or an address; no field on a chain without an explorer. */
export function linkJson(chainId: number, ...[kind, value]: Linked): { readonly link?: string } {
  const link = explorerLink(chainId, kind, value);
  return link === undefined ? {} : { link };
}
