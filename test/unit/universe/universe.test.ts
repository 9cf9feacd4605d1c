// Tests of src/universe/universe.ts and eligibility.ts.
import { expect } from "chai";
import type { CoinObservation } from "../../../src/universe/observe.ts";
import { universeSchema } from "../../../src/universe/parameters.ts";
import { composeUniverse } from "../../../src/universe/universe.ts";

const PARAMETERS = universeSchema.parse({ size: 3, enterRank: 2, leaveRank: 4 });

function coin(coinId: string, changes: Partial<CoinObservation> = {}): CoinObservation {
  return {
    coinId,
    symbol: coinId,
    listedDays: 400,
    averageCapUsd: 1e9,
    capUsd: 1e9,
    priceUsd: 10,
    priceAgeDays: 0,
    volumeUsd: 5e6,
    label: undefined,
    isPegged: false,
    ...changes,
  };
}

function reasonFor(changes: Partial<CoinObservation>, members: readonly string[] = []): string | undefined {
  const coins = [coin("other"), coin("asked", changes)];
  return composeUniverse(coins, { members: new Set(members), vacantAfter: [] }, PARAMETERS).excluded.find(
    ({ coinId }) => coinId === "asked",
  )?.reason;
}

describe("composeUniverse", function () {
  it("ranks by average cap among eligible coins", function () {
    const coins = [
      coin("small", { averageCapUsd: 1 }),
      coin("stable", { averageCapUsd: 3, label: { kind: "stable", why: "follows a currency" } }),
      coin("large", { averageCapUsd: 2, capUsd: 1 }),
    ];

    const { members, excluded } = composeUniverse(coins, { members: new Set(["small"]), vacantAfter: [] }, PARAMETERS);

    expect(members.map(({ coinId, rank, inclusion }) => [coinId, rank, inclusion])).to.deep.equal([
      ["large", 1, "entered"],
      ["small", 2, "stayed"],
    ]);
    expect(excluded.map(({ coinId, rank }) => [coinId, rank])).to.deep.equal([["stable", 1]]);
  });

  const cases: readonly (readonly [reason: string, changes: Partial<CoinObservation>])[] = [
    ["wrapped", { label: { kind: "wrapped", why: "" } }],
    ["frozen", { label: { kind: "frozen", why: "" } }],
    ["pegged", { isPegged: true }],
    ["listed-too-short", { listedDays: 89 }],
    ["volume-unknown", { volumeUsd: undefined }],
    ["volume-too-low", { volumeUsd: 999_999 }],
    ["price-missing", { priceUsd: undefined }],
    ["price-too-small", { priceUsd: 9.9e-16 }],
  ];
  for (const [reason, changes] of cases) {
    it(`leaves a coin out as ${reason}`, function () {
      expect(reasonFor(changes)).to.equal(reason);
    });
  }

  it("admits a coin at exactly 90 days and 1 M USD", function () {
    expect(reasonFor({ listedDays: 90, volumeUsd: 1_000_000 })).to.equal(undefined);
  });

  it("keeps a member from 0.8 M USD on", function () {
    expect(reasonFor({ volumeUsd: 800_000 }, ["asked"])).to.equal(undefined);
    expect(reasonFor({ volumeUsd: 799_999 }, ["asked"])).to.equal("volume-too-low");
  });

  it("says whether a coin stayed, entered or filled a place", function () {
    const coins = ["a", "b", "c", "d"].map((id, i) => coin(id, { averageCapUsd: 100 - i }));

    const { members } = composeUniverse(coins, { members: new Set(["b"]), vacantAfter: [] }, PARAMETERS);

    expect(members.map(({ inclusion }) => inclusion)).to.deep.equal(["entered", "stayed", "filled"]);
  });

  it("says when an outsider ranks below the entry rank and a member below the leave rank", function () {
    const coins = ["a", "b", "c", "d", "e"].map((id, i) => coin(id, { averageCapUsd: 100 - i }));

    const { excluded } = composeUniverse(coins, { members: new Set(["e"]), vacantAfter: [] }, PARAMETERS);

    expect(excluded.map(({ coinId, reason }) => [coinId, reason])).to.deep.equal([
      ["d", "below-entry-rank"],
      ["e", "below-stay-rank"],
    ]);
  });

  it("records a member whose supply is not known any more, and no other coin without a supply", function () {
    const lost = coin("lost", { averageCapUsd: undefined, capUsd: undefined });
    const never = coin("never", { averageCapUsd: undefined, capUsd: undefined });

    const { excluded } = composeUniverse(
      [coin("a"), lost, never],
      { members: new Set(["lost"]), vacantAfter: [] },
      PARAMETERS,
    );

    expect(excluded).to.have.length(1);
    expect(excluded[0]).to.include({ coinId: "lost", rank: null, reason: "supply-unknown" });
  });

  it("counts every coin that only lacks rank as eligible", function () {
    const coins = ["a", "b", "c", "d", "e"].map((id) => coin(id));

    expect(composeUniverse(coins, { members: new Set(), vacantAfter: [] }, PARAMETERS).eligible).to.equal(5);
  });

  it("counts vacant places in every rank and gives them to nobody", function () {
    const coins = ["a", "b", "c", "d"].map((id, i) => coin(id, { averageCapUsd: 100 - i }));

    // Places: a, -, b, -, c, d; three are in the index, a member stays down to the fourth.
    const standing = { members: new Set(["b"]), vacantAfter: [1, 2] };
    const { members, eligible, vacant } = composeUniverse(coins, standing, PARAMETERS);

    expect(members.map(({ coinId, rank }) => [coinId, rank])).to.deep.equal([
      ["a", 1],
      ["b", 3],
    ]);
    expect([eligible, vacant]).to.deep.equal([4, 1]);
  });
});
