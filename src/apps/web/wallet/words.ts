// Turns whatever a wallet, a node or a contract refuses into plain words for the depositor.
import { BaseError } from "viem";

import { AppError } from "../../../core/errors.ts";
import { decimalString } from "../../../core/units.ts";
import { type CustomError, customErrorOf, wordsOf } from "../../../execute/errors.ts";
import { wordsOfError } from "../errors.ts";
import { formatAmount, formatTime, formatUsd } from "../format.ts";

/** What amounts in errors are counted in. */
export type Units = { readonly symbol: string; readonly decimals: number };

/** A code of EIP-1193: the person said no. */
const REJECTED = 4001;
/** Others, about the wallet itself. */
const OF_WALLET: Readonly<Record<number, string>> = {
  4100: "Your wallet is at another account now, or does not let this page use this one. Nothing more was sent; look at the account above, and begin again.",
  4900: "Your wallet is disconnected. Nothing more was sent; connect it, and look what waits for you before you begin again.",
  4901: "Your wallet is on another network than the fund. Nothing more was sent; switch it, and try again.",
};

type Wording = (args: readonly unknown[], coin: Units) => string;

/** What a depositor can meet, in words of a depositor. */
const WORDS: Readonly<Record<string, Wording>> = {
  DepositsArePaused: ([until]) =>
    `The guardian has paused deposits until ${formatTime(Number(until))}. Redemptions, claims and exits in kind go on.`,
  DepositCapReached: ([, cap]) =>
    `The fund takes deposits up to ${usd(cap)} in all, and this one would go above it. Deposit less, or wait until the cap is raised.`,
  RequestNotCancellable: () =>
    "The week of this request has ended, so that it can no longer be taken back. It is priced at the next rebalance; then you can claim.",
  RequestBelowMinimum: ([amount, minimum], coin) =>
    `That is less than the least the fund takes: ${amountOf(minimum, coin)} of ${coin.symbol} (you offered ${amountOf(amount, coin)}), or one whole share.`,
  NotInStablecoins: () =>
    "The fund is not wholly in stablecoins, so that nothing can be exchanged at once. Make a request instead; it is priced at the next rebalance.",
  DepositCoinOffPeg: () =>
    "The deposit coin has lost its peg to the dollar, so that deposits at once are closed. Wait until it is back between 0.985 and 1.015 USD.",
  CashShort: () =>
    "The fund has too little of the deposit coin on hand to pay at once. Make a request instead, or leave in kind.",
  ReceivedBelowMinimum: () =>
    "The price moved, and you would have got less than the least that was shown. Nothing happened; look at the new amount.",
  PermitRefused: () => "The deposit coin did not take the signed permit. Use an approval instead.",
  ERC20InsufficientBalance: () => "Your account holds less than that.",
  PriceMissing: () =>
    "Something that the fund holds has no fresh price just now. Try again later, or leave in kind, which needs no price.",
  TooMuchUnpriced: () =>
    "Too much of the fund has no fresh price just now. Try again later, or leave in kind, which needs no price.",
};

/** One sentence or two: what happened, and what to do. */
export function wordsOfRefusal(error: unknown, coin: Units): string {
  if (isRejection(error)) return "You rejected it in your wallet. Nothing was sent.";
  const ofWallet = causes(error).find((each) => typeof each["code"] === "number" && each["code"] in OF_WALLET);
  if (ofWallet !== undefined) return OF_WALLET[ofWallet["code"] as number] ?? "";
  const custom = customErrorOf(error) ?? refusedIn(error);
  if (custom !== undefined) return WORDS[custom.name]?.(custom.args, coin) ?? sentence(wordsOf(custom));
  const found = messagesOf(error);
  if (/insufficient funds/i.test(found)) return "Your account has too little ether to pay for the gas.";
  if (/chain ?id|current chain|chain mismatch/i.test(found)) {
    return "Your wallet is on another network than the fund. Switch it, and try again.";
  }
  return error instanceof BaseError ? error.shortMessage : wordsOfError(error);
}

function isRejection(error: unknown): boolean {
  return causes(error).some((each) => each["code"] === REJECTED || each["name"] === "UserRejectedRequestError");
}

/** The engine's own errors keep the contract's words in their fields. */
function refusedIn(error: unknown): CustomError | undefined {
  const refused = causes(error).find((each) => each instanceof AppError && typeof each["errorName"] === "string");
  const name = refused?.["errorName"];
  if (typeof name !== "string" || name === "") return undefined;
  return { name, args: (refused?.["args"] ?? []) as readonly unknown[] };
}

function messagesOf(error: unknown): string {
  return causes(error)
    .map((each) => (typeof each["message"] === "string" ? each["message"] : ""))
    .join(" ");
}

function causes(error: unknown): Readonly<Record<string, unknown>>[] {
  const found: Readonly<Record<string, unknown>>[] = [];
  for (let current = error; typeof current === "object" && current !== null && found.length < 16;) {
    const each = current as Readonly<Record<string, unknown>>;
    found.push(each);
    current = each["cause"];
  }
  return found;
}

function amountOf(value: unknown, { decimals }: Units): string {
  return formatAmount(decimalString(value as bigint, decimals));
}

function usd(value: unknown): string {
  return formatUsd(decimalString(value as bigint, 18));
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
