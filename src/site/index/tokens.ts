// Turns the assets that the ledger lists and the deployment file into names and decimals by token.
import type { Deployment } from "../../execute/deployment.ts";
import type { Coins } from "../line-words.ts";
import type { Database } from "./database.ts";

/** A token that was listed once. */
export type Token = {
  readonly id: number; // of its row; zero is none
  readonly token: string; // lower case
  readonly asset: number;
  readonly coinId: string;
  readonly symbol: string;
  readonly decimals: number;
};

/** Tokens by row and by address. */
export type TokenBook = { readonly byId: ReadonlyMap<number, Token>; readonly byToken: ReadonlyMap<string, Token> };

/** The tokens that are listed in the index's lines; one that the file does not know is called by its coin. */
export function tokensOf(database: Database, { assets }: Pick<Deployment, "assets">): TokenBook {
  const symbols = new Map(assets.map(({ token, symbol }) => [token.toLowerCase(), symbol]));
  const tokens = database.all("select id, token, asset, coin, decimals from tokens order by id").map((row): Token => {
    const { id, token, asset, coin, decimals } = row as {
      readonly id: number;
      readonly token: string;
      readonly asset: number;
      readonly coin: string;
      readonly decimals: number;
    };
    return { id, token, asset, coinId: coin, symbol: symbols.get(token) ?? coin, decimals };
  });
  return {
    byId: new Map(tokens.map((token) => [token.id, token])),
    byToken: new Map(tokens.map((token) => [token.token, token])),
  };
}

/** Coins as words of ledger lines need them. */
export function coinsOfBook(
  { byToken }: TokenBook,
  coin: { readonly symbol: string; readonly decimals: number },
): Coins {
  return new Map([...byToken, ["", coin]]);
}
