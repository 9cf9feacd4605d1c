// Says of every command that the documents show how it is tried: run as it stands, run with values, or where else it is.
import type { Shown } from "./shown.ts";

/** What a command needs beside its own words. */
export type Trial = {
  /** Where it is run; `alone` without a chain. */
  readonly world: "demo" | "network" | "alone";
  /** Options added, so that the test takes no fixed port, asks no server of others, and finds its chain. */
  readonly add?: string;
  /** With the keeper's key in the environment. */
  readonly isKeeper?: boolean;
  /** It goes on until it is stopped, and has printed this by then. */
  readonly until?: RegExp;
  /** What the world does before. */
  readonly before?: "files" | "probes" | "live" | "back" | "explorer";
};

/** How a command is tried. */
export type Treatment =
  | ({ readonly kind: "run" } & Trial)
  /** The demo itself, which the commands beside it are run on. */
  | { readonly kind: "demo" }
  /** Another file runs the same, and has this text. */
  | { readonly kind: "elsewhere"; readonly file: string; readonly has: string }
  /** The drills of operations.md, which a test of their own takes from the document one by one. */
  | { readonly kind: "drill" }
  /** Too long to be run: the script's help names each option. */
  | { readonly kind: "help" }
  /** Needs the market's history, which not every machine has. */
  | { readonly kind: "market" }
  /** In a sentence: the same command is tried elsewhere, with these options and maybe more. */
  | { readonly kind: "mention" }
  /** Only a name. */
  | { readonly kind: "name" };

/** A command and its treatment. */
export type Treated = { readonly shown: Shown; readonly how: Treatment };

/** Which commands of which documents are treated how. The first that fits counts. */
type Rule = { readonly in?: string; readonly is: RegExp; readonly how: Treatment };

const run = (trial: Trial): Treatment => ({ kind: "run", ...trial });
const elsewhere = (file: string, has: string): Treatment => ({ kind: "elsewhere", file, has });
const CI = ".ci/run";
/** With the variables of its document, or with the keys that it makes. */
const DRILL = /\$(?:RPC|OTHER_RPC)\b|--password-file keeper\.password$/;
const LOG_ONLY = / --log /;

const SCRIPTS: readonly Rule[] = [
  { is: /^npm run demo(?: -- --serve)?$/, how: { kind: "demo" } },
  { is: /^npm test$/, how: elsewhere(CI, "npm test") },
  { is: /^npm run check$/, how: elsewhere(CI, "npm run check:static") },
  { is: /^FUZZ_RUNS=25600 npm test$/, how: elsewhere("test/unit/apps/build/fuzz-runs.test.ts", '"25600"') },
  { is: /^npm run rehearse -- base$/, how: elsewhere("test/world/deploy/rehearse.test.ts", '"rehearse.ts"), "base"') },
  { is: /^npm run rehearse -- base --(?:fresh|stop|kill)$/, how: { kind: "help" } },
  { is: /^npm run (?:chaos|mutate|coverage|screens|bench:[a-z]+)(?: -- .*)?$/, how: { kind: "help" } },
  { is: /^npm run build$/, how: run({ world: "alone" }) },
  { is: /^npm install ccxt$/, how: elsewhere("package.json", '"peerDependencies": {\n    "ccxt"') },
  // What `tm100` stands for.
  { is: /^(?:tm100|npm run -s tm100 --(?: <command>)?)$/, how: { kind: "name" } },
];

const ON_NETWORK: readonly Rule[] = [
  { is: /networks build --data DIR$/, how: { kind: "market" } },
  { is: /networks check base /, how: run({ world: "network", before: "files" }) },
  { is: / add-asset .*--carry-out /, how: elsewhere("test/world/deploy/owner.test.ts", '"--carry-out"') },
  { is: / migrate .*--holder /, how: elsewhere("test/world/deploy/migrate-support.ts", 'tm100("migrate"') },
  { is: / --fund 2 /, how: run({ world: "network", before: "probes" }) },
  {
    is: /verify-source .*--service sourcify$/,
    how: run({ world: "network", before: "explorer", add: "--api-url URL" }),
  },
  {
    is: /verify-source .*--service etherscan /,
    how: run({ world: "network", before: "explorer", add: "--api-url URL" }),
  },
  { is: /verify-source .*--service blockscout /, how: run({ world: "network", before: "explorer" }) },
  { in: "docs/deploying.md", is: / redeem all /, how: run({ world: "network", before: "live" }) },
  { in: "docs/deploying.md", is: / redeem-in-kind all /, how: run({ world: "network", before: "back" }) },
  {
    is: /keeper run .*--live --chain-id \d+$/,
    how: run({ world: "network", isKeeper: true, add: "--port 0", until: /"msg":"acting"/ }),
  },
  { is: / serve /, how: run({ world: "network", add: "--port 0", until: /The page is open at/ }) },
  { in: "docs/operations.md", is: /--rpc URL /, how: run({ world: "network", isKeeper: true }) },
  { is: /keeper (?:status|pause|resume)/, how: run({ world: "network", add: "--rpc URL --deployment FILE" }) },
  { is: / --rpc URL|verify-source deployments/, how: run({ world: "network" }) },
];

const WITHOUT_CHAIN: readonly Rule[] = [
  { is: /^tm100 data import FILES/, how: run({ world: "alone" }) },
  { is: /^tm100 data (?:check|pull SOURCE)$/, how: run({ world: "alone" }) },
  { is: /^duckdb /, how: run({ world: "alone" }) },
  { is: /tm100 -- (?:--help|signal)$/, how: run({ world: "alone" }) },
  { is: /^tm100 universe --filters$/, how: run({ world: "alone" }) },
  { is: /^tm100 signal --as-of /, how: elsewhere("test/unit/apps/cli/research-store.test.ts", '"signal"') },
  { is: /^tm100 sweep /, how: elsewhere("test/unit/apps/cli/sweep-share.test.ts", '"sweep"') },
  { is: /^tm100 replay /, how: elsewhere("test/unit/apps/cli/serving.test.ts", '"replay"') },
  { is: /^tm100 backtest$/, how: elsewhere("test/unit/apps/cli/backtest.test.ts", '"backtest"') },
  { is: /^tm100 lookahead$/, how: elsewhere("test/unit/apps/cli/backtest.test.ts", '"lookahead"') },
  { is: /^tm100 capacity$/, how: elsewhere("test/unit/apps/cli/capacity.test.ts", '"capacity"') },
  { is: /^tm100 cancel$/, how: elsewhere("test/world/cli-depositor.test.ts", '"cancel"') },
];

const ON_DEMO: readonly Rule[] = [
  { is: /^node scripts\/verify-standalone\.mjs /, how: run({ world: "demo" }) },
  { is: LOG_ONLY, how: run({ world: "demo" }) },
  { is: /^tm100 decide /, how: run({ world: "demo" }) },
  { in: "docs/inspecting.md", is: /^tm100 /, how: run({ world: "demo", add: "--rpc URL" }) },
  { in: "README.md", is: /^npm run -s tm100 -- /, how: run({ world: "demo", add: "--rpc URL" }) },
];

/** How a command is tried; undefined when nobody said it. */
export function treatmentOf({ document, text, isInline }: Shown): Treatment | undefined {
  const fits = (rule: Rule): boolean => (rule.in ?? document) === document && rule.is.test(text);
  if (isInline && text.startsWith("tm100")) {
    return [...SCRIPTS, ...WITHOUT_CHAIN].find(fits)?.how ?? { kind: "mention" };
  }
  const isDrill = document === "docs/operations.md" && DRILL.test(text);
  return isDrill ? { kind: "drill" } : [...SCRIPTS, ...ON_NETWORK, ...WITHOUT_CHAIN, ...ON_DEMO].find(fits)?.how;
}
