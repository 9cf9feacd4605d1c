// Tests of src/world/chaos/zones.ts and src/keeper/alarm-clock.ts: processes in real zones, with node-cron as it is.
import { expect } from "chai";

import { isoDate, startOfDay } from "../../src/core/time.ts";
import { type ZoneQuestion, askZone, zoneBreaches, zoneQuestions } from "../../src/world/chaos/zones.ts";

/** The night in which New York sets its clocks forward: 2021-03-14 07:00 UTC. */
const NIGHT: ZoneQuestion = { from: startOfDay(isoDate("2021-03-14")), minutes: 600, days: 7, sets: [] };

describe("a keeper's process", function () {
  it("wakes each minute of the night in which its zone's clocks change", async function () {
    const { wakes, zone } = await askZone("America/New_York", NIGHT);

    expect(zone).to.equal("300"); // five hours west
    expect(wakes.map(({ at }) => at)).to.deep.equal(Array.from({ length: 600 }, (_, i) => NIGHT.from + 60 * (i + 1)));
  });

  for (const [what, by] of [
    ["a day back", -86_400],
    ["three minutes back", -180],
    ["a month forward", 2_592_000],
  ] as const) {
    it(`goes on waking within two minutes after its clock was set ${what}`, async function () {
      const question = { ...NIGHT, minutes: 30, sets: [{ after: 10, by }] };
      const { wakes } = await askZone("Europe/Berlin", question);

      const next = wakes.find(({ passed }) => passed > 610);

      expect(next?.passed).to.be.at.most(600 + 125);
      expect(wakes.filter(({ passed }) => passed > 900)).to.have.lengthOf.at.least(14);
    });
  }

  it("finds the same due at the same moments as one in UTC, whatever is set", async function () {
    for (const { zone, question } of zoneQuestions(2, 2)) {
      const [utc, there] = [await askZone("UTC", question), await askZone(zone, question)];

      expect(zoneBreaches(zone, question, { utc, zone: there })).to.deep.equal([]);
    }
  });
});
