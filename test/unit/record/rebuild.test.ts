import { expect } from "chai";

import { booksAfter } from "../../../src/record/rebuild.ts";
import type { LedgerLine } from "../../../src/record/lines.ts";
import { ALICE, LINES, USDC, WETH, chained } from "./support.ts";

describe("booksAfter", function () {
  it("follows deposits until they are struck", function () {
    expect(booksAfter(LINES.slice(0, 3)).depositsPending).to.equal(5000n);
    expect(booksAfter(LINES.slice(0, 6)).depositsPending).to.equal(0n);
    expect(booksAfter(LINES.slice(0, 6)).supply).to.equal(5_000_000n);
  });

  it("moves a leg's amounts from one asset to the other", function () {
    const { balances } = booksAfter(LINES.slice(0, 7));

    expect([balances.get(0), balances.get(1)]).to.deep.equal([2000n, 700n]); // 5000 - 3000, and 700
  });

  it("forgets what was taken back", function () {
    const request = { controller: ALICE, owner: ALICE, epoch: "1" };
    const cancel = { controller: ALICE, receiver: ALICE, epoch: "1" };
    const lines = chained([
      ["DepositRequested", { ...request, assets: "5000" }],
      ["RedemptionRequested", { ...request, shares: "700" }],
      ["DepositCancelled", { ...cancel, assets: "4000" }],
      ["RedemptionCancelled", { ...cancel, shares: "500" }],
    ]);

    const { depositsPending, redemptionsPending } = booksAfter(lines);

    expect([depositsPending, redemptionsPending]).to.deep.equal([1000n, 200n]);
  });

  it("sets money aside until it is claimed", function () {
    expect(booksAfter(LINES.slice(0, 11)).redemptionsPending).to.equal(1_000_000n);
    expect(booksAfter(LINES.slice(0, 12)).setAside).to.equal(900n);
    expect(booksAfter(LINES.slice(0, 13)).setAside).to.equal(500n); // 400 were claimed
  });

  it("keeps pending what a strike did not pay", function () {
    const lines = chained([
      ["RedemptionRequested", { controller: ALICE, owner: ALICE, epoch: "1", shares: "700" }],
      ["RedemptionsStruck", { epoch: "1", shares: "300", assets: "250", nav: "1000", supply: "1000", swing: "0" }],
    ]);

    const { redemptionsPending, setAside } = booksAfter(lines);

    expect([redemptionsPending, setAside]).to.deep.equal([400n, 250n]);
  });

  it("adds the shares of the management fee to the supply and to the fees", function () {
    const fee = { recipient: ALICE, shares: "7", rate: "200", supply: "5000000" };
    const { supply, fees } = booksAfter(
      chained([
        ["FeeAccrued", fee],
        ["FeeAccrued", fee],
      ]),
    );

    expect([supply, fees]).to.deep.equal([14n, 14n]);
  });

  it("remembers what an exit in kind could not deliver", function () {
    expect(booksAfter(LINES.slice(0, 14)).undelivered.get(`${ALICE}:${WETH}`)).to.equal(350n);
    expect(booksAfter(LINES).undelivered.get(`${ALICE}:${WETH}`)).to.equal(0n);
    expect(booksAfter(LINES).undelivered.has(`${ALICE}:${USDC}`)).to.equal(false);
  });

  it("follows units of redemptions from the books to their owners", function () {
    const units = { assets: ["1"], tokens: [WETH] };
    const lines = chained([
      ["RedeemedUnitsSetAside", { epoch: "1", shares: "700", ...units, amounts: ["500"] }],
      ["RedeemedUnitsCredited", { controller: ALICE, ...units, amounts: ["200"] }],
      ["InKindClaimed", { owner: ALICE, receiver: ALICE, token: WETH, amount: "150" }],
    ]);

    const { balances, uncredited, undelivered } = booksAfter(lines);

    // 500 leave; 200 of them become hers, and she takes 150.
    expect([balances.get(1), uncredited.get(WETH), undelivered.get(`${ALICE}:${WETH}`)]).to.deep.equal([
      -500n,
      300n,
      50n,
    ]);
  });

  it("writes down and sweeps", function () {
    const lines = chained([
      ["BooksWrittenDown", { asset: "1", token: WETH, booked: "900", left: "200" }],
      ["SurplusSwept", { asset: "1", token: WETH, amount: "50" }],
    ]);

    expect(booksAfter(lines).balances.get(1)).to.equal(-650n); // -700 + 50
  });

  it("knows the regime and the listed tokens", function () {
    const books = booksAfter(LINES);

    expect(books.regime).to.equal("bull");
    expect([...books.tokens]).to.deep.equal([
      [0, USDC],
      [1, WETH],
    ]);
  });

  it("takes the last unit of a delisted asset out of the books", function () {
    const [last] = LINES.slice(-1) as [LedgerLine];
    const before = booksAfter(LINES);
    const lines = [
      ...LINES,
      { ...last, event: "AssetDelisted" as const, args: { asset: "1", token: WETH, left: "1" } },
    ];

    const after = booksAfter(lines);

    expect((before.balances.get(1) ?? 0n) - (after.balances.get(1) ?? 0n)).to.equal(1n);
    expect([...after.tokens]).to.deep.equal([[0, USDC]]);
  });
});
