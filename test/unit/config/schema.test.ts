// Tests of src/config/schema.ts and the stages' schemas that it composes.
import { expect } from "chai";
import { DEFAULT_PARAMETERS, parametersSchema } from "../../../src/config/schema.ts";
import { weeksNeeded } from "../../../src/regime/parameters.ts";

describe("parametersSchema", function () {
  it("has the published methodology as its defaults", function () {
    expect(DEFAULT_PARAMETERS.universe).to.include({ size: 100, enterRank: 90, leaveRank: 110, minListedDays: 90 });
    expect(DEFAULT_PARAMETERS.universe).to.include({ enterVolumeUsd: 1_000_000, stayVolumeUsd: 800_000 });
    expect(DEFAULT_PARAMETERS.regime).to.deep.include({ meanWeeks: [10, 20, 40], momentumWeeks: [12, 26] });
    expect(DEFAULT_PARAMETERS.regime).to.include({ bullAt: 0.6, bearAt: 0.4, dwellDays: 14, maxReturns: 3 });
  });

  it("needs 40 weeks for every vote", function () {
    expect(weeksNeeded(DEFAULT_PARAMETERS.regime)).to.equal(40);
  });

  const wrong: readonly (readonly [what: string, value: unknown])[] = [
    [
      "a basket that does not sum to the whole",
      { stableBasket: [{ coinId: "dai", symbol: "DAI", weightPpm: 999_999 }] },
    ],
    [
      "a coin twice in the basket",
      { stableBasket: [1, 2].map(() => ({ coinId: "dai", symbol: "DAI", weightPpm: 500_000 })) },
    ],
    ["an entry rank beyond the size", { universe: { enterRank: 101 } }],
    ["a size beyond the leave rank", { universe: { size: 120 } }],
    ["a bear threshold above the bull threshold", { regime: { bearAt: 0.7 } }],
    ["a name that it does not know", { regime: { bulAt: 0.5 } }],
  ];
  for (const [what, value] of wrong) {
    it(`refuses ${what}`, function () {
      expect(parametersSchema.safeParse(value).success).to.equal(false);
    });
  }
});
