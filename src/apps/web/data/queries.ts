// Turns what a view wants to know into the server's answer, or, when the server is silent, into what the chain tells.
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { siteSchema } from "../../../site/answers/rules.ts";
import type { VIEWS } from "../../../site/endpoints.ts";
import { useAccess } from "./access.ts";
import { type Answer, type Question, ServerDownError, type Site, ask } from "./api.ts";
import type { ChainAccess } from "./way.ts";
import { keep, recall } from "./memory.ts";
import { type Store, createStore, useStore } from "./store.ts";

type Endpoint = keyof typeof VIEWS;

/** An answer and who gave it. */
export type Told<Name extends Endpoint> = { readonly answer: Answer<Name>; readonly from: "server" | "chain" };

/** What a view gets. */
export type Asked<Name extends Endpoint> = {
  readonly told: Told<Name> | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
};

const SITE = "site";
/** {ms} Between two questions of the same view without a word from the server. */
const REFRESH = 60_000;

const site: Store<Site | undefined> = createStore(rememberedSite());

/** Chain and addresses of the fund: as this server says, or as it said at the last visit. */
export function useSite(): Site | undefined {
  return useStore(site);
}

/** Asks once for {@link useSite}, and again when the server is back. */
export function useSiteLoader(): void {
  const { data } = useQuery({
    queryKey: ["site"],
    queryFn: async ({ signal }) => {
      const answer = await ask("site", {}, signal);
      keep(SITE, JSON.stringify(answer));
      site.set(answer);
      return answer;
    },
    refetchInterval: REFRESH,
  });
  useEffect(() => {
    if (data !== undefined) site.set(data);
  }, [data]);
}

/** The answer to a question, kept current. */
export function useAnswer<Name extends Endpoint>(name: Name, question: Question = {}, isWanted = true): Asked<Name> {
  const access = useAccess();
  const known = useSite();
  const key = access === undefined ? "" : access.kind === "rpc" ? access.url : access.name;
  const { data, error, isPending } = useQuery({
    queryKey: [name, question, key],
    queryFn: ({ signal }) => answerFrom({ name, question, signal }, known, access),
    // The last word on the same question, though from another source; never the answer to another question.
    placeholderData: (previous, asked) => (isSame(asked?.queryKey, [name, question]) ? previous : undefined),
    refetchInterval: REFRESH,
    enabled: isWanted,
  });
  return { told: data, error, isPending };
}

function isSame(key: readonly unknown[] | undefined, [name, question]: readonly unknown[]): boolean {
  return key?.[0] === name && JSON.stringify(key?.[1]) === JSON.stringify(question);
}

type Inquiry<Name extends Endpoint> = {
  readonly name: Name;
  readonly question: Question;
  readonly signal: AbortSignal;
};

async function answerFrom<Name extends Endpoint>(
  { name, question, signal }: Inquiry<Name>,
  known: Site | undefined,
  access: ChainAccess | undefined,
): Promise<Told<Name>> {
  try {
    return { answer: await ask(name, question, signal), from: "server" };
  } catch (error) {
    if (!(error instanceof ServerDownError) || access === undefined || known === undefined) throw error;
    const { tellFromChain } = await import("./chain/answers.ts");
    const answer = await tellFromChain(name, { access, site: known });
    if (answer === undefined) throw error;
    return { answer, from: "chain" };
  }
}

function rememberedSite(): Site | undefined {
  const text = recall(SITE);
  if (text === undefined) return undefined;
  try {
    return siteSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
