// Tests of `serve` as the documents start it, through npm: whoever stops npm stops the server.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { expect } from "chai";

import { failureOf } from "../failure-of.ts";
import { useServedFund } from "./served-fund.ts";

const ROOT = path.join(import.meta.dirname, "../..");

describe("npm run tm100 -- serve", function () {
  const { served } = useServedFund();

  it("ends well when npm is asked to end, and leaves nothing that still serves", async function () {
    const { rpc, deployment, folder } = served();
    const fund = ["--rpc", rpc, "--deployment", deployment, "--index", path.join(folder, "index.db")];
    const command = ["run", "-s", "tm100", "--", "serve", ...fund, "--port", "0"];
    const child = spawn("npm", command, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    while (!/ its API at (\S+);/.test(out)) out += String((await once(child.stdout, "data"))[0]);
    const api = / its API at (\S+);/.exec(out)?.[1] ?? "";
    expect((await fetch(api)).status).to.equal(200);
    child.kill("SIGTERM");
    const [code] = (await once(child, "close")) as [number | null]; // when the last that writes to its output has ended

    expect(code).to.equal(0);
    expect(await failureOf(fetch(api))).to.be.an("error");
  });

  it("says on standard error, not to visitors, why there are no market data", async function () {
    const { rpc, deployment, folder } = served();
    const fund = ["--rpc", rpc, "--deployment", deployment, "--index", path.join(folder, "other.db")];
    const command = ["run", "-s", "tm100", "--", "serve", ...fund, "--port", "0", "--data", "/nonexistent"];
    const child = spawn("npm", command, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
    let err = "";
    while (!err.includes("\n")) err += String((await once(child.stderr, "data"))[0]);
    child.kill("SIGTERM");
    await once(child, "close");

    expect(err).to.match(/^note: the page lacks data: .*\/nonexistent/);
  });
});
