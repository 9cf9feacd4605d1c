// Turns the import direction of the style guide into rules for dependency-cruiser.

/** From left to right: a stage imports itself and what stands before it. */
const STAGES = [
  "core",
  "market",
  "universe",
  "regime",
  "plan",
  "execute",
  "record",
  "config",
  "engine",
  "keeper",
  "research",
  "site",
  "world",
  "apps",
];

const direction = STAGES.slice(0, -1).map((stage, index) => ({
  name: `direction-${stage}`,
  comment: `${stage} imports itself and what stands to its left: ${STAGES.slice(0, index).join(", ") || "nothing"}.`,
  severity: "error",
  from: { path: `^src/${stage}/` },
  to: { path: "^(src|test|scripts)/", pathNot: `^src/(${STAGES.slice(0, index + 1).join("|")})/` },
}));

/** Stages that compute, without the edges inside them that may read files or ask the network. */
const pure = {
  path: "^src/(core|market|universe|regime|plan|record|config|engine|research)/",
  pathNot: "^src/(market/sources/|record/ledger\\.ts$|config/load\\.ts$)",
};

export default {
  forbidden: [
    ...direction,
    {
      name: "stage-of-its-own",
      comment: "Every file belongs to a stage.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(${STAGES.join("|")})/` },
      to: {},
    },
    {
      name: "apps-apart",
      comment: "Apps do not import each other; only cli may start keeper and server.",
      severity: "error",
      from: { path: "^src/apps/([^/]+)/", pathNot: "^src/apps/cli/" },
      to: { path: "^src/apps/", pathNot: "^src/apps/$1/" },
    },
    {
      name: "cli-starts-keeper-and-server",
      comment: "Apps do not import each other; only cli may start keeper and server.",
      severity: "error",
      from: { path: "^src/apps/cli/" },
      to: { path: "^src/apps/", pathNot: "^src/apps/(cli|keeper|server)/" },
    },
    {
      name: "page-light",
      comment: "What the page imports is built again when one of these changes; see src/apps/bootstrap/prepare.mjs.",
      severity: "error",
      from: { path: "^src/apps/web/" },
      to: {
        path: "^src/",
        pathNot: "^src/(apps/web|core|market|universe|regime|plan|execute|record|engine|site)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "replay-in-a-browser",
      comment: "The page takes decisions again: what it needs for that uses nothing of Node.",
      severity: "error",
      from: {
        path: "^src/((universe|regime)/|plan/(caps|targets)\\.ts$|config/schema\\.ts$|core/canonical-json\\.ts$|engine/)",
        pathNot: "^src/engine/input-digest\\.ts$", // the market's rows, which a snapshot stands for
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "bootstrap-alone",
      comment: "The bootstrap runs before any package is installed.",
      severity: "error",
      from: { path: "^src/apps/bootstrap/" },
      to: { dependencyTypesNot: ["core"], pathNot: "^src/apps/bootstrap/" },
    },
    {
      name: "tooling-alone",
      comment: "What builds and checks the stages works without them.",
      severity: "error",
      from: { path: "^src/apps/(build|check)/" },
      to: { path: "^src/", pathNot: "^src/apps/(build|check)/" },
    },
    {
      name: "pure-no-machine",
      comment: "Stages that compute touch no file, socket, process or clock.",
      severity: "error",
      from: pure,
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(assert|buffer|crypto|module|util)$" },
    },
    {
      name: "pure-no-chain",
      comment: "Stages that compute talk to no chain. viem's hashes, ABI codecs and types are fine.",
      severity: "error",
      from: pure,
      to: { path: "(^|/)(hardhat|ethers|@nomicfoundation|viem/_(esm|cjs|types)/(accounts|actions|clients|node))(/|$)" },
    },
    {
      name: "no-development-tools",
      comment: "Development tools are for tests, and for the local chain world that they run.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(world/|apps/web/vite\\.config\\.ts$)" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "site-views-in-a-browser",
      comment: "The page reads these files too: they import zod, lists of words and letters, and nothing of a machine.",
      severity: "error",
      from: { path: "^src/site/(answers/|queries\\.ts$|endpoints\\.ts$)" },
      to: {
        pathNot:
          "^(src/site/(answers/|queries\\.ts$|endpoints\\.ts$)|src/core/(verdicts|visible-text)\\.ts$|node_modules/zod/)",
      },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
