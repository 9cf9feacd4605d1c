// Turns networks and what was found about them into tables and JSON.
import type { BuiltNetwork } from "../../config/networks/build.ts";
import type { Coverage, NameCoverage } from "../../config/networks/coverage.ts";
import { type NetworkCheck, type NetworkFault, faultWords } from "../../execute/check-network.ts";
import type { Network } from "../../execute/network.ts";
import { formatNumber } from "../../site/amounts.ts";
import { linkJson, linkText } from "./links.ts";
import { type JsonObject, formatTable } from "./output.ts";

const HELD_WORDS = { "with-feed": "feed", "by-pool": "pool only", missing: "-" } as const;

/** What each chain carries of the index: a summary, then each name of each chain. */
export function coverageText(asOf: string, built: readonly BuiltNetwork[]): string {
  const carrying = built.filter(({ coverage }) => coverage.names.some(({ held }) => held !== "missing"));
  const parts = carrying.map(({ network, coverage }) => `${network.title}\n\n${namesTable(coverage, network.chainId)}`);
  return [`What each chain carries of the index of ${asOf}`, "", summaryTable(built), "", ...parts]
    .join("\n\n")
    .replaceAll("\n\n\n", "\n\n");
}

function summaryTable(built: readonly BuiltNetwork[]): string {
  const columns = [
    { header: "network", align: "left" },
    { header: "with feed", align: "right" },
    { header: "share of cap [%]", align: "right" },
    { header: "pool only", align: "right" },
    { header: "share of cap [%]", align: "right" },
    { header: "missing", align: "right" },
    { header: "share of cap [%]", align: "right" },
  ] as const;
  return formatTable(
    columns,
    built.map(({ network, coverage: { count, share } }) => [
      network.title,
      String(count.withFeed),
      percent(share.withFeed),
      String(count.byPool),
      percent(share.byPool),
      String(count.missing),
      percent(share.missing),
    ]),
  );
}

function namesTable({ names }: Coverage, chainId: number): string {
  return formatTable(
    [
      { header: "rank", align: "right" },
      { header: "coin", align: "left" },
      { header: "priced by", align: "left" },
      { header: "vehicle, or why there is none", align: "left" },
    ],
    names.map((name) => [String(name.rank), name.coinId, HELD_WORDS[name.held], nameWords(name, chainId)]),
  );
}

function nameWords(name: NameCoverage, chainId: number): string {
  if (name.held === "missing") return name.why;
  return `${name.token} (${name.vehicle})${linkText(chainId, "token", name.token)}`;
}

/** The same for programs. */
export function coverageJson({ network, coverage }: BuiltNetwork): JsonObject {
  const { name, chainId, assets } = network;
  const { count, share } = coverage;
  const names = coverage.names.map((one) =>
    one.held === "missing" ? one : { ...one, ...linkJson(chainId, "token", one.token) },
  );
  return { name, chainId, assets: assets.length, count, share, names };
}

/** What a check found. */
export function checkText(network: Network, { faults, absentPools, warnings, confirmed }: NetworkCheck): string {
  const words = (fault: NetworkFault): string =>
    `${faultWords(fault)}${linkText(network.chainId, "address", fault.at)}`;
  const pools = confirmed.assets.reduce((sum, asset) => sum + asset.pools.length, 0);
  return [
    `${network.title}: ${confirmed.assets.length} of ${network.assets.length} assets can be listed, with ${pools} pools.`,
    ...absentPools.map((fault) => `left out: ${words(fault)}`),
    ...warnings.map((fault) => `note: ${words(fault)}`),
    ...faults.map((fault) => `wrong: ${words(fault)}`),
  ].join("\n");
}

/** The same for programs. */
export function checkJson(network: Network, { faults, absentPools, warnings, confirmed }: NetworkCheck): JsonObject {
  const { name, chainId } = network;
  const linked = (found: readonly NetworkFault[]) =>
    found.map((fault) => ({ ...fault, ...linkJson(chainId, "address", fault.at) }));
  return {
    name,
    chainId,
    assets: confirmed.assets.length,
    faults: linked(faults),
    absentPools: linked(absentPools),
    warnings: linked(warnings),
  };
}

function percent(share: number): string {
  return formatNumber(100 * share, 1);
}
