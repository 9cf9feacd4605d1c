// Turns the mechanical part of the style guide into typed rules for everything under src, test and scripts.
import { defineConfig } from "eslint/config";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Stages that compute: time, randomness, prices and parameters come in as arguments. */
const PURE = ["core", "market", "universe", "regime", "plan", "record", "config", "engine", "research"].map(
  (stage) => `src/${stage}/**/*.ts`,
);
/** The edges inside those stages. */
const EDGES = ["src/market/sources/**/*.ts", "src/record/ledger.ts", "src/config/load.ts"];
const PLAIN_JAVASCRIPT = ["src/apps/bootstrap/**/*.mjs"];
const PAGE = ["src/apps/web/**/*.{ts,tsx}"];
const TESTS = ["test/**/*.ts"];
/** Tools that demand a default export. */
const CONFIGURATIONS = [
  "hardhat.config.ts",
  "eslint.config.js",
  ".dependency-cruiser.js",
  "src/apps/web/vite.config.ts",
];

const IMPORTS_AND_EXPORTS = [
  { selector: "ExportDefaultDeclaration", message: "Export by name." },
  { selector: "ExportAllDeclaration", message: "No barrel files: import from the file that defines a thing." },
  {
    selector: "ExportNamedDeclaration[source]",
    message: "No barrel files: import from the file that defines a thing.",
  },
  {
    selector: "ImportDeclaration[source.value=/^\\.{1,2}\\u002F.*\\.js$/]",
    message: "Import the file as it is: `.ts`.",
  },
];
const UNIT_CASTS = {
  selector: "TSAsExpression TSTypeReference > Identifier[name=/^(Bps|Ppm|Wad|TokenUnits|UnixSeconds)$/]",
  message: "Units enter through the checked constructors of core/units.ts.",
};
const BARE_ERRORS = {
  selector: "ThrowStatement > NewExpression[callee.name='Error']",
  message: "Throw a named subclass of AppError.",
};
const CLOCK = {
  selector: ":matches(NewExpression, CallExpression)[callee.name='Date'][arguments.length=0]",
  message: "Stages that compute take the time as an argument.",
};

const IMPURE_GLOBALS = [
  "process",
  "console",
  "fetch",
  "performance",
  "crypto",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "WebSocket",
].map((name) => ({ name, message: "Stages that compute touch nothing outside: take it as an argument." }));
const IMPURE_PROPERTIES = [
  { object: "Date", property: "now", message: "Take the time as an argument." },
  { object: "Math", property: "random", message: "Take a seeded generator as an argument." },
];
const CHAIN_CLIENTS = {
  name: "viem",
  importNames: [
    ...["createClient", "createPublicClient", "createTestClient", "createWalletClient"],
    ...["custom", "fallback", "http", "webSocket"],
  ],
  message: "Stages that compute do not talk to a chain.",
};

/** The chain's matchers replace Chai's own in the whole run, and take whole numbers only. */
const CLOSE_TO = {
  selector: "MemberExpression[property.name=/^(closeTo|approximately)$/]",
  message: "Use expectClose of test/close.ts: with the chain's matchers loaded, closeTo refuses fractions.",
};

/** @type {import("eslint").Linter.RulesRecord} */
const TYPED_RULES = {
  "@typescript-eslint/consistent-type-definitions": "off", // `type` for data, `interface` for ports: the style guide decides
  "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
  "@typescript-eslint/explicit-module-boundary-types": "error",
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/prefer-readonly": "error",
  "@typescript-eslint/require-await": "error",
  "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }], // a bigint or a number reads as it is
  "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
};

/** @type {import("eslint").Linter.RulesRecord} */
const STYLE_RULES = {
  complexity: ["error", 12],
  eqeqeq: "error",
  "max-lines": ["error", { max: 300, skipBlankLines: false, skipComments: false }],
  "max-lines-per-function": ["error", { max: 50, skipBlankLines: false, skipComments: false }],
  "max-params": ["error", 3],
  "no-else-return": "error",
  "no-param-reassign": ["error", { props: true }],
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
};

export default defineConfig(
  { ignores: ["artifacts", "cache", "coverage", "dist", ".toolchain", "src/core/abi.ts"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.{ts,tsx}", ...PLAIN_JAVASCRIPT],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...TYPED_RULES,
      ...STYLE_RULES,
      "no-restricted-syntax": ["error", ...IMPORTS_AND_EXPORTS, UNIT_CASTS, BARE_ERRORS],
    },
  },
  {
    files: PLAIN_JAVASCRIPT,
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "off", // the types stand in JSDoc
      "@typescript-eslint/no-unsafe-assignment": "off", // zod is not installed yet: parsed JSON is typed by JSDoc
    },
  },
  {
    files: PURE,
    ignores: EDGES,
    rules: {
      "no-restricted-globals": ["error", ...IMPURE_GLOBALS],
      "no-restricted-imports": ["error", { paths: [CHAIN_CLIENTS] }],
      "no-restricted-properties": ["error", ...IMPURE_PROPERTIES],
      "no-restricted-syntax": ["error", ...IMPORTS_AND_EXPORTS, UNIT_CASTS, BARE_ERRORS, CLOCK],
    },
  },
  {
    files: ["src/core/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...IMPORTS_AND_EXPORTS, BARE_ERRORS, CLOCK] }, // units are cast here
  },
  {
    files: TESTS,
    rules: {
      "@typescript-eslint/no-unused-expressions": "off", // chai asserts with properties: `to.be.reverted`
      "max-lines-per-function": "off", // a `describe` is one function
      "no-restricted-syntax": ["error", ...IMPORTS_AND_EXPORTS, UNIT_CASTS, CLOSE_TO],
    },
  },
  {
    files: PAGE,
    extends: [reactHooks.configs.flat["recommended"] ?? []],
    rules: { "react-hooks/incompatible-library": "off" }, // it warns of the React compiler, which is not used here
  },
  {
    files: CONFIGURATIONS,
    rules: { "no-restricted-syntax": "off" },
  },
);
