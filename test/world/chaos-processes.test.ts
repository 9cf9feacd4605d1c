// Tests of the scenarios of chaos whose keepers are processes: a few rounds of each, and what they would tell of a breach.
import { expect } from "chai";

import { playCrew } from "../../src/world/chaos/crew-round.ts";
import { dieEverywhere } from "../../src/world/chaos/deaths.ts";
import { filing } from "../../src/world/chaos/files.ts";
import type { Pace } from "../../src/world/chaos/member.ts";
import { type ChaosStage, openStage } from "../../src/world/chaos/stage.ts";
import type { Tally } from "../../src/world/chaos/tally.ts";
import { postgresOrSkip } from "../postgres.ts";

const PACE: Pace = { isReal: false, leaseFor: 9000, tendEvery: 1500 };
const COINS = 8;

describe("chaos with processes", function () {
  this.timeout(600_000);
  let stage: ChaosStage;

  before(async function () {
    stage = await openStage(COINS);
  });
  after(() => stage.close());

  it("kills keepers at seeded steps, and the next one finishes the week", async function () {
    const bounds = { seed: 1, until: Number.MAX_SAFE_INTEGER, isQuick: true };
    const tally = await dieEverywhere(stage, { ...bounds, deaths: 2 });

    expect(tally.breaches).to.deep.equal([]);
    expect(tally).to.include({ rounds: 3, finished: 3, transactions: 3 }); // a calm one first
    expect(tally.blows).to.be.within(2, 4); // some die a second time
  });

  it("pauses a keeper beyond its lease while it sends: another carries the week out, and it runs once", async function () {
    const url = await postgresOrSkip(this);
    const moment = { isOfSending: true, request: 1 };
    const strikes = [{ blow: "stop", moment, isHeard: false }] as const;

    const { takeovers, account, breaches } = await playCrew(stage, { url, pace: PACE, keepers: 2, strikes });

    expect(breaches).to.deep.equal([]);
    expect(takeovers).to.have.lengthOf(1);
    // The late one came after the other's, and the contract refused it.
    expect(account).to.include({ finished: 1, transactions: 2 });
  });

  it("harms the journal's file, and the week is finished from the chain", async function () {
    const tallies: Tally[] = [];
    await filing.play({ seed: 3, until: Number.MAX_SAFE_INTEGER, isQuick: true }, (tally) => tallies.push(tally));

    expect(tallies[0]?.breaches).to.deep.equal([]);
    expect(tallies[0]?.finished).to.equal(tallies[0]?.rounds);
  });
});
