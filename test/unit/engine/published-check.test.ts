// Tests of snapshots of single-day exits: replayed from their file alone, and by the command that a stranger uses.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { publishSnapshot } from "../../../src/site/market/snapshot-folder.ts";
import { parametersSchema } from "../../../src/config/schema.ts";
import { type IsoDate, addDays, dayNumber, exitTargetId, isoDate } from "../../../src/core/time.ts";
import { wadFromNumber } from "../../../src/core/units.ts";
import { type BearCheckStep, bearCheckHash, bearCheckStepAt } from "../../../src/engine/bear-check.ts";
import { carriesOn, publishedCheck, readPublishedCheck, replayCheck } from "../../../src/engine/published-check.ts";
import { publishedSnapshot, readPublished } from "../../../src/engine/published.ts";
import { decisionAt, spanOf, stepAt } from "../../../src/engine/run.ts";
import { decisionsFrom } from "../../../src/keeper/decisions.ts";
import type { CoinSeries, History } from "../../../src/market/history.ts";
import { simulateMarket } from "../../../src/market/simulate.ts";
import { ledgerOf, ledgerText } from "../../../src/record/ledger-file.ts";
import { type CliRun, runCli } from "../../cli-run.ts";
import { PLACE, chained } from "../record/support.ts";

const PARAMETERS = parametersSchema.parse({
  universe: { size: 20, enterRank: 18, leaveRank: 22 },
  regime: { meanWeeks: [4, 8], momentumWeeks: [3] },
});
const MARKET = simulateMarket({ seed: 11, coins: 45, from: isoDate("2021-01-01"), to: isoDate("2022-07-01") });

/** The market in which every price halves the day before a Thursday on which all votes are yes. */
function fallenMarket(): { readonly history: History; readonly date: IsoDate } {
  let date = isoDate("2021-08-05");
  while (decisionAt(MARKET, { date }, PARAMETERS).score !== 1) {
    date = addDays(date, 7);
    if (date > spanOf(MARKET, PARAMETERS).last) throw new TypeError("expected a week in which every vote is yes");
  }
  const from = dayNumber(addDays(date, -1));
  const halved = (coin: CoinSeries): CoinSeries => ({
    ...coin,
    priceUsd: coin.priceUsd.map((price, i) => (coin.firstDay + i >= from ? price / 2 : price)),
  });
  const providers = MARKET.providers.map((one) => ({ ...one, coins: one.coins.map(halved) }));
  return { history: { ...MARKET, providers }, date };
}

describe("a published exit", function () {
  const { history, date } = fallenMarket();
  const step = bearCheckStepAt(history, { date }, PARAMETERS);

  it("gives back the check to the same hash, from its file alone", function () {
    const { text, digest, decisionHash } = publishedCheck(step);

    const replayed = replayCheck(readPublishedCheck(text, digest));

    expect(replayed).to.deep.equal(step.check);
    expect([bearCheckHash(replayed), replayed.verdict]).to.deep.equal([decisionHash, "leave"]);
  });

  it("carries on the week's published decision, and no other", function () {
    const check = publishedCheck(step);
    const [own, other] = [0, -7].map((days) => {
      const { text, digest } = publishedSnapshot(stepAt(history, { date: addDays(date, days - 3) }, PARAMETERS));
      return carriesOn(readPublishedCheck(check.text, check.digest), readPublished(text, digest));
    });

    expect([own, other]).to.deep.equal([true, false]);
  });

  it("is published by the keeper's source on the day it leaves, and on no other", async function () {
    const published: BearCheckStep[] = [];
    const source = decisionsFrom(() => Promise.resolve(history), {
      opened: isoDate("2021-01-04"),
      parameters: PARAMETERS,
      publishExit: (taken) => {
        published.push(taken);
      },
    });

    await source.bearCheck(addDays(date, -1));
    await source.bearCheck(date);

    expect(published.map(({ check }) => [check.date, check.verdict])).to.deep.equal([[date, "leave"]]);
  });

  describe("by verify-decision", function () {
    let folder: string;
    let snapshots: string;
    let log: string;
    const id = exitTargetId(date);
    const { check } = step;

    beforeEach(function () {
      folder = mkdtempSync(join(tmpdir(), "tm100-exit-"));
      [snapshots, log] = [join(folder, "snapshots"), join(folder, "ledger.jsonl")];
      publishSnapshot(snapshots, publishedSnapshot(stepAt(history, { date: addDays(date, -3) }, PARAMETERS)));
      publishSnapshot(snapshots, publishedCheck(step));
      const target = {
        ...{ id: String(id), regime: "bear", decisionHash: bearCheckHash(check), membershipRoot: check.membershipRoot },
        ...{ twinLevel: String(wadFromNumber(check.indexLevel)), validFrom: "1", executableAt: "2", validUntil: "3" },
        ...{ assets: ["0"], partsPerMillion: ["1000000"] },
      };
      writeFileSync(log, ledgerText(ledgerOf(PLACE, chained([["TargetPublished", target]]), [])));
    });
    afterEach(function () {
      rmSync(folder, { recursive: true });
    });

    const verify = (asked: string): Promise<CliRun> =>
      runCli(["verify-decision", asked, "--log", log, "--snapshots", snapshots, "--json"]);

    for (const [name, asked] of [
      ["day", date],
      ["target's id", String(id)],
    ] as const) {
      it(`is proven by its ${name}`, async function () {
        const { code, out, err } = await verify(asked);

        expect([code, err]).to.deep.equal([0, ""]);
        expect(JSON.parse(out)).to.include({ verified: true, kind: "exit", date, targetId: id, carriesOnWeek: true });
      });
    }

    it("is named when a byte of its file was altered", async function () {
      const { digest } = publishedCheck(step);
      const file = join(snapshots, `${digest}.json`);
      writeFileSync(file, readFileSync(file, "utf8").replace('"closes":{', '"closes":{ '));

      const { code, err } = await verify(date);

      expect(code).to.equal(3);
      expect(err).to.match(/^error SNAPSHOT_ALTERED: .*sha-256/);
    });

    it("is named with what differs when another check was put in its place", async function () {
      const [coin = "", close = 0] = [...step.input.closes][0] ?? [];
      const closes = new Map(step.input.closes).set(coin, close * 1.5);
      rmSync(snapshots, { recursive: true });
      publishSnapshot(snapshots, publishedCheck({ ...step, input: { ...step.input, closes } }));

      const { code, err } = await verify(date);

      expect(code).to.equal(3);
      expect(err).to.match(/^error DECISION_DIFFERS: .* its twin level is /);
    });

    it("is missed by name when nobody published it", async function () {
      rmSync(snapshots, { recursive: true });
      publishSnapshot(snapshots, publishedSnapshot(stepAt(history, { date: addDays(date, -3) }, PARAMETERS)));

      const { code, err } = await verify(date);

      expect(code).to.equal(3);
      expect(err).to.include(`a snapshot of the exit of ${date}`);
      expect(readdirSync(snapshots)).to.have.length(3);
    });

    it("is refused when the chain has no exit of that id", async function () {
      const { code, err } = await verify(String(id + 1));

      expect(code).to.equal(3);
      expect(err).to.match(/^error EXIT_NOT_PUBLISHED: Expected target \d+/);
    });
  });
});
