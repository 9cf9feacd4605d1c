// Tests of src/keeper/watch/log.ts: no secret is in any line.
import { expect } from "chai";

import { createLog, withoutSecrets } from "../../../../src/keeper/watch/log.ts";

function lines(secrets: readonly string[], write: (log: ReturnType<typeof createLog>) => void): string {
  const written: string[] = [];
  write(createLog({ write: (line) => written.push(line) }, secrets));
  return written.join("");
}

describe("createLog", function () {
  it("writes a line of JSON with level and time", function () {
    const line = JSON.parse(
      lines([], (log) => {
        log.info({ block: 7 }, "done");
      }),
    ) as Record<string, unknown>;

    expect(line).to.include({ level: "info", block: 7, msg: "done" });
    expect(line["time"]).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it("blots out fields by their names, also further down", function () {
    const text = lines([], (log) => {
      log.info({ token: "abc123", a: { privateKey: "def456", b: { raw: "0x99" } }, block: 7 }, "x");
    });

    expect(text).to.not.match(/abc123|def456|0x99/);
    expect(text).to.contain('"block":7');
  });

  it("blots out known secrets wherever they stand, also in messages and as JSON writes them", function () {
    const text = lines(["0xfeedface", 'pass"word\\1'], (log) => {
      log.error({ problem: 'no answer from https://node/0xfeedface, user:pass"word\\1' }, "at 0xfeedface");
    });

    expect(text).to.not.contain("feedface").and.not.contain("word");
    expect(() => JSON.parse(text) as unknown).to.not.throw();
  });

  it("does not cut words apart for a secret that is too short to be one", function () {
    expect(
      lines(["/"], (log) => {
        log.info("a/b");
      }),
    ).to.contain("a/b");
  });
});

describe("withoutSecrets", function () {
  it("leaves a text without secrets as it is", function () {
    expect(withoutSecrets("block 7", ["secret"])).to.equal("block 7");
  });
});
