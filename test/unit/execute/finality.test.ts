// Tests of src/execute/finality.ts: what a chain says of itself comes before a count of blocks.
import { expect } from "chai";

import { finalityOf, resolveDepthOf } from "../../../src/execute/finality.ts";
import { sendingSchema } from "../../../src/execute/sending-settings.ts";

describe("finalityOf", function () {
  it("goes by the tag of chains that have one, and by a depth elsewhere", function () {
    expect(finalityOf({}, 1)).to.deep.equal({ tag: "finalized", depth: 64 });
    expect(finalityOf({}, 42_161)).to.deep.equal({ tag: "finalized", depth: 1200 });
    expect(finalityOf({}, 31_337)).to.deep.equal({ tag: undefined, depth: 1 });
    expect(finalityOf({}, 99_999)).to.deep.equal({ tag: undefined, depth: 64 });
  });

  it("takes what is set before that", function () {
    expect(finalityOf({ finality: 12 }, 1)).to.deep.equal({ tag: undefined, depth: 12 });
    expect(finalityOf({ finality: "safe" }, 1)).to.deep.equal({ tag: "safe", depth: 64 });
  });
});

describe("resolveDepthOf", function () {
  it("is small for every urgency, and never more than finality takes", function () {
    const settings = sendingSchema.parse({});
    const urgencies = ["exit", "trade", "routine"] as const;

    expect(urgencies.map((urgency) => resolveDepthOf(settings, 1, urgency))).to.deep.equal([1, 2, 2]);
    expect(resolveDepthOf(settings, 31_337, "trade")).to.equal(1);
  });
});
