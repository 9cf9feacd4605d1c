// Tests of how the scripts answer to a command line that they cannot understand.
import { spawnSync } from "node:child_process";
import path from "node:path";

import { expect } from "chai";

const SCRIPTS = path.join(import.meta.dirname, "../../../scripts");

/** Exit code, standard output and standard error. */
function run(script: string, ...args: string[]): readonly [number | null, string, string] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(SCRIPTS, script), ...args], {
    encoding: "utf8",
  });
  return [status, stdout, stderr];
}

describe("The scripts", function () {
  for (const [script, command] of [
    ["bench-gas.ts", "bench:gas"],
    ["bench-world.ts", "bench:world"],
    ["bench-plan.ts", "bench:plan"],
    ["mutate.ts", "mutate"],
  ] as const) {
    it(`${command} names an option that it does not know, with its help, and ends with 2`, function () {
      const [code, out, err] = run(script, "--nonsense");

      expect([code, out]).to.deep.equal([2, ""]);
      expect(err).to.match(new RegExp(`^Unknown option '--nonsense'.*\n\nnpm run ${command}`));
    });

    it(`${command} names an argument too many`, function () {
      const [code, , err] = run(script, "extra");

      expect(code).to.equal(2);
      expect(err).to.match(/^Unexpected argument 'extra'/);
    });

    it(`${command} prints its help`, function () {
      const [code, out, err] = run(script, "--help");

      expect([code, err]).to.deep.equal([0, ""]);
      expect(out).to.match(new RegExp(`^npm run ${command}`));
    });
  }

  for (const [args, expected] of [
    [["--only", "nosuch"], "Expected a fault's name, found 'nosuch'; `npm run mutate -- --list` names all.\n"],
    [["--jobs", "x"], "Expected --jobs to be a whole number from 1 to 999, found 'x'.\n"],
    [["--jobs", "0"], "Expected --jobs to be a whole number from 1 to 999, found '0'.\n"],
  ] as const) {
    it(`mutate refuses ${args.join(" ")}`, function () {
      const [code, out, err] = run("mutate.ts", ...args);

      expect([code, out]).to.deep.equal([2, ""]);
      expect(err.startsWith(expected), err).to.equal(true);
    });
  }
});
