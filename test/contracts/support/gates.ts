// States, for every function of every contract that changes something, who may call it and what all others are told.
import type { FundAddresses } from "../../../src/execute/deploy.ts";
import { type Fixture } from "./fixture.ts";

/** Contracts with functions that change something, by the names that a deployment gives them. */
export type Gated = Exclude<keyof FundAddresses, (typeof WITHOUT_GATES)[number]>;

/** The lens only reads. Libraries run inside the vault; called by their own address they refuse to change anything. */
export const WITHOUT_GATES = ["lens", "libraries"] as const;

/** Accounts by name, and the fund's own contracts. "nobody": at no time outside of a leg, or of a call from itself. */
export type Caller =
  "owner" | "keeper" | "guardian" | "signer" | "alice" | "stranger" | Exclude<keyof FundAddresses, "libraries">;

/**
 * Who may call a function. `anyone`: it concerns only the caller's own, or proves itself otherwise; `why` says which.
 * Else the error for all others, and the arguments with which the gate shows; zeros and empty lists when left out.
 */
export type Gate =
  | { readonly kind: "anyone"; readonly why: string }
  | {
      readonly kind: "gated";
      readonly by: readonly Caller[];
      readonly error: string;
      /** The error's arguments; left out when the caller is the only one. */
      readonly told?: (caller: string, fixture: Fixture) => readonly unknown[];
      readonly args?: (fixture: Fixture) => readonly unknown[];
    };

const anyone = (why: string): Gate => ({ kind: "anyone", why });

const ADMIN: Gate = { kind: "gated", by: ["owner"], error: "AccessManagedUnauthorized" };
const AUTHORITY: Gate = { kind: "gated", by: ["accessManager"], error: "AccessManagedUnauthorized" };
const REBALANCER: Gate = { kind: "gated", by: ["rebalancer"], error: "OnlyRebalancer" };
const REGISTRY: Gate = { kind: "gated", by: ["registry"], error: "OnlyRegistry" };
const MANAGER: Gate = {
  kind: "gated",
  by: ["owner"],
  error: "AccessManagerUnauthorizedAccount",
  told: (caller) => [caller, 0n],
};

/** One whole unit of alice's, moved by somebody else. */
const ofAlice = ({ people }: Fixture): readonly unknown[] => [10n ** 18n, people.alice.address, people.alice.address];
const HOLDER: Gate = {
  kind: "gated",
  by: ["alice"],
  error: "NotOwnerOrOperator",
  told: (caller, { people }) => [caller, people.alice.address],
  args: ofAlice,
};
const ALLOWANCE: Gate = {
  kind: "gated",
  by: ["alice"],
  error: "ERC20InsufficientAllowance",
  told: (caller) => [caller, 0n, 10n ** 18n],
  args: ofAlice,
};

/** A target that leads out of stablecoins: for an exit left alone the gate is open, which Rebalancer.silence tests. */
const BULL_TARGET = [2n ** 40n, 1, ...Array.from({ length: 3 }, () => `0x${"00".repeat(32)}`), 0n, 0n, 0n] as const;
const keeper = (...rest: readonly unknown[]): Gate => ({
  kind: "gated",
  by: ["keeper"],
  error: "RoleMissing",
  told: (caller) => [caller, 1n],
  args: () => [BULL_TARGET, [[], []], ...rest],
});
const GUARDIAN: Gate = {
  kind: "gated",
  by: ["guardian"],
  error: "RoleMissing",
  told: (caller) => [caller, 2n],
};
/** Stricter terms, at once: no delay protects a depositor from what is in their favour. */
const GUARDIAN_OR_OWNER: Gate = { ...GUARDIAN, by: ["guardian", "owner"] };
const SELF: Gate = { kind: "gated", by: ["vault"], error: "OnlySelf" };

const listing = ({ vault, fund }: Fixture): readonly unknown[] => [
  fund.addresses.vault,
  vault.interface.getFunction("delistAsset").selector,
];

/** By contract, then by function. A function that is not here fails the test: say here who may call it, and why. */
export const GATES: Readonly<Record<Gated, Readonly<Record<string, Gate>>>> = {
  vault: {
    "approve(address,uint256)": anyone("the caller's own shares"),
    "transfer(address,uint256)": anyone("the caller's own shares"),
    "transferFrom(address,address,uint256)": {
      ...ALLOWANCE,
      by: [],
      args: ({ people }) => [people.alice.address, people.alice.address, 10n ** 18n],
    },
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)": anyone("signed by the owner of the shares"),
    "setOperator(address,bool)": anyone("the caller's own operators"),
    "requestDeposit(uint256,address,address)": HOLDER,
    "requestRedeem(uint256,address,address)": ALLOWANCE,
    "cancelDepositRequest(uint256,address,address)": HOLDER,
    "cancelRedeemRequest(uint256,address,address)": HOLDER,
    "deposit(uint256,address,address)": HOLDER,
    "deposit(uint256,address)": anyone("the caller's own claim"),
    "mint(uint256,address,address)": HOLDER,
    "mint(uint256,address)": anyone("the caller's own claim"),
    "redeem(uint256,address,address)": HOLDER,
    "withdraw(uint256,address,address)": HOLDER,
    "redeemInKind(uint256,address,address,uint8[],(uint8,uint256)[])": {
      ...ALLOWANCE,
      args: (fixture) => [...ofAlice(fixture), [], []],
    },
    "claimInKind(uint8,address)": anyone("the caller's own claim"),
    "creditInKind(address)": anyone("books what a struck redemption owes its controller, to the controller alone"),
    "writeDown(uint8)": anyone("a fact: the token says less than the books and what is owed"),
    "mature(uint8)": anyone("a fact of time"),
    "listAsset(address,string,bool)": ADMIN,
    "delistAsset(uint8)": ADMIN,
    "nameBitcoin(uint8)": ADMIN,
    "raiseFees(uint16,uint16,address)": ADMIN,
    "raiseDepositCap(uint256)": ADMIN,
    "lowerFees(uint16,uint16)": GUARDIAN_OR_OWNER,
    "lowerDepositCap(uint256)": GUARDIAN_OR_OWNER,
    "pauseDeposits(uint256)": GUARDIAN,
    "setAuthority(address)": AUTHORITY,
    "swapOrder((uint256,uint256,uint8,uint8,address,uint256,uint256,uint256,(bool,uint256,uint256)))": REBALANCER,
    "strikeDeposits(uint256,uint256)": REBALANCER,
    "strikeRedemptions(uint256,uint256,uint256)": REBALANCER,
    "strikeAllRedemptions(uint256,uint256,uint256)": REBALANCER,
    "closeEpochsNow()": REBALANCER,
    "closeEpochsOfPastWeeks()": REBALANCER,
    "sweep(uint8)": REBALANCER,
    "canMove(uint8)": REBALANCER,
    "payReward(uint64,uint8,uint256,address)": REBALANCER,
    "recordClose(uint64,string,uint256)": REBALANCER,
    "recordQuarantine(uint8,bool,string)": REBALANCER,
    "recordRule(string,address,uint256,address)": { kind: "gated", by: ["venue"], error: "OnlyVenue" },
    "recordExitBudget(uint64,address)": REBALANCER,
    "recordFinish((uint64,uint8,bytes32,bytes32,bytes32,uint256,uint64,uint64),uint256,uint256,uint256,uint256)":
      REBALANCER,
    "recordSkip(uint64,uint32,uint8,uint8,string)": REBALANCER,
    "recordStart((uint64,uint8,bytes32,bytes32,bytes32,uint256,uint64,uint64),uint256)": REBALANCER,
    "recordTarget((uint64,uint8,bytes32,bytes32,bytes32,uint256,uint64,uint64),(uint256[],uint256[]),uint64)": REGISTRY,
    "recordVeto(uint64,address)": REGISTRY,
    "recordLevel((uint64,uint8,bytes32,bytes32,uint256))": REGISTRY,
    "recordRoundTrip((uint64,uint64,uint256,uint256,uint256,uint256))": REBALANCER,
    // The venue as well, outside of a leg: during one, attacks.trades shows it.
    "payLeg(address,uint256)": {
      kind: "gated",
      by: [],
      error: "PaymentNotExpected",
      told: (caller) => [caller, 1n],
      args: ({ people }) => [people.stranger.address, 1n],
    },
    "sendOut(address,address,uint256)": SELF,
    "tryToSend(address,address)": SELF,
  },
  registry: {
    "publish((uint64,uint8,bytes32,bytes32,bytes32,uint256,uint64,uint64),(uint256[],uint256[]),bytes)":
      anyone("signed by the signer"),
    "publishLevel((uint64,uint8,bytes32,bytes32,uint256),bytes)": anyone("signed by the signer"),
    "veto(uint64)": GUARDIAN,
    "take((uint64,uint8,bytes32,bytes32,bytes32,uint256,uint64,uint64))": {
      kind: "gated",
      by: ["rebalancer"],
      error: "CallerNotRebalancer",
    },
    "setAuthority(address)": AUTHORITY,
  },
  rebalancer: {
    "execute((uint64,uint8,bytes32,bytes32,bytes32,uint256,uint64,uint64),(uint256[],uint256[]),(uint8,uint8,address,uint128,uint128)[],uint256)":
      keeper([], 0n),
    "executeAndFinish((uint64,uint8,bytes32,bytes32,bytes32,uint256,uint64,uint64),(uint256[],uint256[]),(uint8,uint8,address,uint128,uint128)[],uint256)":
      keeper([], 0n),
    "finish((uint64,uint8,bytes32,bytes32,bytes32,uint256,uint64,uint64),(uint256[],uint256[]))": keeper(),
    "agreeToExtraExit()": GUARDIAN,
    "strikeInStablecoins()": anyone("all requests at one price, while there is nothing to trade"),
    "exitAbandoned(address)": anyone("only after 21 days in the market without a finished rebalance, to stablecoins"),
    "probe(uint8)": anyone("the attempt is undone, and what it shows is a fact"),
    "sweep(uint8)": anyone("adds to the books what is there and nobody's, between rebalances in the market"),
    "forget(uint8)": { kind: "gated", by: ["vault"], error: "OnlyVault" },
    "setAuthority(address)": AUTHORITY,
  },
  oracle: {
    "setFeed(uint8,address,uint32,(uint256,uint256))": ADMIN,
    "setPool(uint8,address,uint8)": ADMIN,
    "forget(uint8)": { kind: "gated", by: ["vault"], error: "CallerNotVault" },
    "keep(uint256,uint256[])": { kind: "gated", by: ["rebalancer"], error: "CallerNotRebalancer" },
    "setAuthority(address)": AUTHORITY,
  },
  venue: {
    "listPool(address)": ADMIN,
    "removePool(address)": ADMIN,
    "reopenPool(address)": ADMIN,
    "reopenAsset(uint8)": ADMIN,
    "raiseLimit(uint8,uint16)": ADMIN,
    "closePool(address)": GUARDIAN,
    "closeAsset(uint8)": GUARDIAN,
    "lowerLimit(uint8,uint16)": GUARDIAN,
    "pauseBuying(uint64)": GUARDIAN,
    "forgetRules(uint8)": { kind: "gated", by: ["vault"], error: "CallerNotVault" },
    "swapExact(address,address,address,uint256,(bool,uint256,uint256))": {
      kind: "gated",
      by: ["vault"],
      error: "OnlyVault",
    },
    "uniswapV3SwapCallback(int256,int256,bytes)": { kind: "gated", by: [], error: "CallbackNotExpected" },
    "setAuthority(address)": AUTHORITY,
  },
  gateway: {
    "deposit(uint256,address,uint256)": anyone("the caller's own coins"),
    "redeem(uint256,address,uint256)": anyone("the caller's own shares"),
    "depositWithPermit(uint256,address,uint256,(uint256,uint8,bytes32,bytes32))": anyone("the caller's own coins"),
    "redeemWithPermit(uint256,address,uint256,(uint256,uint8,bytes32,bytes32))": anyone("the caller's own shares"),
  },
  accessManager: {
    "grantRole(uint64,address,uint32)": MANAGER,
    "revokeRole(uint64,address)": MANAGER,
    "labelRole(uint64,string)": MANAGER,
    "setGrantDelay(uint64,uint32)": MANAGER,
    "setRoleAdmin(uint64,uint64)": MANAGER,
    "setRoleGuardian(uint64,uint64)": MANAGER,
    "setTargetAdminDelay(address,uint32)": MANAGER,
    "setTargetClosed(address,bool)": MANAGER,
    "setTargetFunctionRole(address,bytes4[],uint64)": MANAGER,
    "updateAuthority(address,address)": MANAGER,
    "schedule(address,bytes,uint48)": {
      kind: "gated",
      // An owner without a delay has nothing to announce: DelayedAccessManager tests the one that has.
      by: [],
      error: "AccessManagerUnauthorizedCall",
      told: (caller, fixture) => [caller, ...listing(fixture)],
      args: (fixture) => [...listing(fixture), 0n],
    },
    "execute(address,bytes)": {
      kind: "gated",
      by: ["owner"],
      error: "AccessManagerUnauthorizedCall",
      told: (caller, fixture) => [caller, ...listing(fixture)],
      args: listing,
    },
    "renounceRole(uint64,address)": anyone("the caller's own role"),
    "multicall(bytes[])": anyone("each call in it asks for itself"),
    "cancel(address,address,bytes)": anyone("only what was announced: DelayedAccessManager tests who may"),
    "consumeScheduledOp(address,bytes)": anyone("only what was announced for the calling contract"),
  },
};
