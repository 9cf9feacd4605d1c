import { expect } from "chai";

import { parametersSchema } from "../../src/config/schema.ts";
import { DAY, addDays, dateOf, isoDate } from "../../src/core/time.ts";
import type { Decision } from "../../src/engine/decision.ts";
import { decisionsBetween } from "../../src/engine/run.ts";
import { simulateMarket } from "../../src/market/simulate.ts";
import { SOUND_DATA } from "../../src/regime/data-quality.ts";
import { INITIAL_REGIME, type Regime, decideRegime } from "../../src/regime/ensemble.ts";
import { regimeSchema } from "../../src/regime/parameters.ts";
import {
  advanceBy,
  advanceTo,
  BULL,
  type Fixture,
  HOUR,
  MONDAY,
  now,
  useFixture,
  VETO_DELAY,
  WEEK,
} from "./support/fixture.ts";
import { execute, publish, send, sign, type Signed, weightsOf } from "./support/rebalance.ts";
import { publishBull } from "./support/situations.ts";

/** {s} Decisions are published half an hour after midnight. */
const HALF_PAST = 1800;

/** Starts a bull target at once after its delay. @returns {s} The start. */
async function goIn(fixture: Fixture): Promise<number> {
  await execute(fixture, await publishBull(fixture), []);
  return now(fixture);
}

/** Starts a bear target. @returns {s} The start. */
async function goOut(fixture: Fixture): Promise<number> {
  await execute(fixture, await publish(fixture, "bear"), []);
  return now(fixture);
}

const signBull = (fixture: Fixture): Promise<Signed> => sign(fixture, "bull", { weights: weightsOf(fixture, BULL) });

// The fund of these tests is empty: what is limited is the turn, whatever is traded.
describe("TargetRegistry: returns to the market", function () {
  const get = useFixture((fixture) => advanceTo(fixture, MONDAY + 60));

  it("lets a new fund in after the veto delay", async function () {
    const fixture = get();
    await publish(fixture, "bull");

    expect((await fixture.registry.pending()).executableAt).to.equal((await now(fixture)) + VETO_DELAY);
  });

  it("names the moment 14 days after the fund turned to bear", async function () {
    const fixture = get();
    await goIn(fixture);
    const exited = await goOut(fixture);

    expect(await fixture.registry.returnFrom()).to.equal(exited + 14 * DAY);
  });

  it("refuses a target that ends before that moment", async function () {
    const fixture = get();
    await goIn(fixture);
    const exited = await goOut(fixture);
    await advanceTo(fixture, exited + 7 * DAY);
    const signed = await signBull(fixture); // valid for 6 days, to the 13th after the exit

    await expect(send(fixture, signed))
      .to.be.revertedWithCustomError(fixture.registry, "ReturnTooEarly")
      .withArgs(signed.target.validUntil, exited + 14 * DAY);
  });

  it("lets a target that ends later start from that moment on, and not a second before", async function () {
    const fixture = get();
    await goIn(fixture);
    const exited = await goOut(fixture);
    await advanceTo(fixture, exited + 9 * DAY);
    const signed = await signBull(fixture); // to the 15th day after the exit
    await send(fixture, signed);

    await advanceTo(fixture, exited + 14 * DAY - 2);
    await expect(execute(fixture, signed, []))
      .to.be.revertedWithCustomError(fixture.registry, "TargetNotExecutableYet")
      .withArgs(signed.target.id, exited + 14 * DAY);
    // The refused call was mined in the second before.
    await execute(fixture, signed, []);

    expect(await fixture.registry.regime()).to.equal(1);
  });

  it("counts from the turn, not from a later target in stablecoins", async function () {
    const fixture = get();
    await goIn(fixture);
    const exited = await goOut(fixture);
    await advanceBy(fixture, 7 * DAY);
    await goOut(fixture);

    expect(await fixture.registry.returnFrom()).to.equal(exited + 14 * DAY);
  });

  it("limits neither an exit nor a target within the market", async function () {
    const fixture = get();
    await goIn(fixture);
    await goOut(fixture);
    await advanceBy(fixture, 15 * DAY);
    await goIn(fixture);
    await advanceBy(fixture, 7 * DAY); // the next week's; the rebalance under way can be closed

    await goIn(fixture);
    await goOut(fixture);

    expect(await fixture.registry.regime()).to.equal(0);
  });

  it("lets a rebalance within the market start after its veto delay, however many returns there were", async function () {
    const fixture = get();
    await goIn(fixture);
    for (let turn = 0; turn < 2; turn++) {
      await goOut(fixture);
      await advanceBy(fixture, 15 * DAY);
      await goIn(fixture);
    }
    await advanceBy(fixture, 7 * DAY); // no further return is allowed for another 50 days

    await publish(fixture, "bull");

    expect((await fixture.registry.pending()).executableAt).to.equal((await now(fixture)) + VETO_DELAY);
  });

  it("lets the fund in a fourth time 90 days after the first of three returns, to the second", async function () {
    const fixture = get();
    const first = await goIn(fixture);
    for (let turn = 0; turn < 2; turn++) {
      await goOut(fixture);
      await advanceBy(fixture, 15 * DAY);
      await goIn(fixture);
    }
    const exited = await goOut(fixture); // about 31 days after the first return

    expect(await fixture.registry.returnFrom()).to.equal(first + 90 * DAY);
    await advanceTo(fixture, exited + 50 * DAY); // dwell is over, validity ends about the 87th day
    const early = await signBull(fixture);
    await expect(send(fixture, early))
      .to.be.revertedWithCustomError(fixture.registry, "ReturnTooEarly")
      .withArgs(early.target.validUntil, first + 90 * DAY);
    await advanceTo(fixture, first + 86 * DAY);
    const signed = await signBull(fixture);
    await send(fixture, signed);
    expect((await fixture.registry.pending()).executableAt).to.equal(first + 90 * DAY);
  });

  it("refuses a target whose veto delay ends after it", async function () {
    const fixture = get();
    const time = BigInt(await now(fixture));
    const signed = await sign(fixture, "bull", {
      weights: weightsOf(fixture, BULL),
      change: { validUntil: time + BigInt(10 * HOUR) },
    });

    const sent = send(fixture, signed);

    // Mined a second after the clock was read.
    await expect(sent)
      .to.be.revertedWithCustomError(fixture.registry, "TargetNeverExecutable")
      .withArgs(signed.target.id, time + 1n + BigInt(VETO_DELAY), signed.target.validUntil);
  });

  describe("beside the engine", function () {
    /** u: the votes say bull, d: bear. One letter a week; below it the regime that follows, worked out by hand. */
    const VECTORS: readonly (readonly [votes: string, regimes: string, why: string])[] = [
      // Week 2 is 7 days after the exit of week 1.
      ["uduu", "uddu", "the dwell of 14 days"],
      // Returns in weeks 0, 3 and 6; week 12 is 84 days after the first, week 13 is 91.
      ["uduuduuduuuuuu", "uddudduddddddu", "three returns in 90 days"],
      // Returns in weeks 0, 4 and 8: the third is the last that 90 days allow.
      ["uudduddduu", "uudduddduu", "nothing in the way"],
    ];

    for (const [votes, regimes, why] of VECTORS) {
      it(`turns in the same weeks: ${why}`, async function () {
        const fixture = get();

        const engine = regimesOfEngine(votes);
        const chain = await regimesOfChain(fixture, votes);

        expect(engine).to.equal(regimes);
        expect(chain).to.equal(regimes);
      });
    }

    it("turns in the same weeks when the fund opens in the middle of a bull regime", async function () {
      const decisions = decisionsOfFund();
      const votes = decisions.map(({ score }) => (score === 1 ? "u" : "d")).join("");

      // It goes in in weeks 0, which is its own start, 3 and 7; week 12 is 84 days after the first, week 13 is 91.
      expect(votes).to.equal("udduuduuduuuuu");
      expect(decisions.map(({ regime }) => letter(regime)).join("")).to.equal("udduuddudddddu");
      expect(await regimesOfChain(get(), votes)).to.equal("udduuddudddddu");
    });
  });
});

/** One vote decides, so that the regime turns often; the index has been in bull for a week when the fund opens. */
function decisionsOfFund(): readonly Decision[] {
  const parameters = parametersSchema.parse({
    universe: { size: 20, enterRank: 18, leaveRank: 22 },
    regime: { meanWeeks: [2], momentumWeeks: [] },
  });
  const market = simulateMarket({ seed: 2, coins: 45, from: isoDate("2021-01-01"), to: isoDate("2022-07-01") });
  const opened = isoDate("2021-05-03");
  return [...decisionsBetween(market, { from: opened, to: addDays(opened, 14 * 7), opened }, parameters)];
}

const letter = (regime: Regime): string => (regime === "bull" ? "u" : "d");

function regimesOfEngine(votes: string): string {
  let state = INITIAL_REGIME;
  return Array.from(votes)
    .map((vote, week) => {
      const cast = [{ name: "vote", level: 1, threshold: 1, yes: vote === "u" }];
      const date = dateOf(MONDAY + (week + 1) * WEEK);
      state = decideRegime({ date, votes: cast, quality: SOUND_DATA }, state, regimeSchema.parse({})).next;
      return letter(state.regime);
    })
    .join("");
}

/** Every week asks for what the votes say; a target that is refused leaves the fund where it is. */
async function regimesOfChain(fixture: Fixture, votes: string): Promise<string> {
  let regimes = "";
  for (const [week, vote] of Array.from(votes).entries()) {
    const monday = MONDAY + (week + 1) * WEEK;
    await advanceTo(fixture, monday + HALF_PAST);
    const isIn = (await fixture.registry.regime()) === 1n;
    if (vote === "d" && isIn) await goOut(fixture);
    if (vote === "u" && !isIn) await tryIn(fixture, monday);
    regimes += (await fixture.registry.regime()) === 1n ? "u" : "d";
  }
  return regimes;
}

async function tryIn(fixture: Fixture, monday: number): Promise<void> {
  const signed = await signBull(fixture);
  const isTaken = await send(fixture, signed).then(
    () => true,
    () => false,
  );
  if (!isTaken) return;
  await advanceTo(fixture, monday + 12 * HOUR);
  await execute(fixture, signed, []);
}
