import { copyFile, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { deployNetwork } from "../../../src/execute/deploy/deploy-network.ts";
import { type DeploymentRecord, readRecord, writeRecord } from "../../../src/execute/deploy/record.ts";
import { type AnswerServer, answerServer } from "../../answer-server.ts";
import { type CliRun, runCli } from "../../cli-run.ts";
import { type OpenRehearsal, openRehearsal } from "./support.ts";

/** In the words of Etherscan's documentation of `verifysourcecode`, `checkverifystatus` and `getsourcecode`. */
const UNVERIFIED = {
  status: "1",
  message: "OK",
  result: [{ SourceCode: "", ABI: "Contract source code not verified" }],
};
const SUBMITTED = { status: "1", message: "OK", result: "ezq878u486pzijkvvmerl6a9mzwhv6sefgvqi5tkwceejc7tvn" };
const PASSED = { status: "1", message: "OK", result: "Pass - Verified" };
const FAILED = { status: "0", message: "NOTOK", result: "Fail - Unable to verify" };

describe("verify-source", function () {
  let open: OpenRehearsal;
  let folder: string;
  let record: DeploymentRecord;
  let server: AnswerServer | undefined;

  before(async function () {
    open = await openRehearsal("sepolia.json");
    const { client, deployer, network } = open;
    await writeRecord({ client, folder: open.folder, commit: "abc" }, await deployNetwork(deployer, network));
    record = await readRecord(open.folder);
    // Of one contract: services are told of each in the same way.
    folder = await mkdtemp(join(tmpdir(), "verify-source-"));
    const gateway = record.contracts.filter(({ contract }) => contract === "DepositGateway");
    await writeFile(join(folder, "record.json"), JSON.stringify({ ...record, contracts: gateway }));
    await mkdir(join(folder, "input"));
    for (const { input } of gateway) await copyFile(join(open.folder, "input", input), join(folder, "input", input));
  });

  after(async function () {
    await open.close();
  });

  afterEach(async function () {
    await server?.close();
  });

  const verify = (...args: string[]): Promise<CliRun> => runCli(["verify-source", folder, "--json", ...args]);

  const apiKey = async (): Promise<string> => {
    const file = join(folder, "key");
    await writeFile(file, "SECRETKEY\n");
    return file;
  };

  it("writes the sources beside the record when no service is named", async function () {
    const { code } = await verify();

    const [gateway] = record.contracts.filter(({ contract }) => contract === "DepositGateway");
    expect(code).to.equal(0);
    const place = join(folder, "contracts", "full_match", "31337", gateway?.address ?? "");
    expect(JSON.parse(await readFile(join(place, "metadata.json"), "utf8"))).to.have.property("language", "Solidity");
  });

  it("tells an Etherscan what the compiler was given, with the constructor's arguments", async function () {
    server = await answerServer({ "/api": [UNVERIFIED, SUBMITTED, PASSED].map((body) => ({ body })) });

    const { code, out } = await verify(
      "--service",
      "etherscan",
      "--api-url",
      `${server.url}/api`,
      "--api-key-file",
      await apiKey(),
    );

    expect(code).to.equal(0);
    expect(out).to.include("Pass - Verified");
    const sent = new URLSearchParams(server.asked[1]?.body);
    const vault = record.contracts
      .find(({ contract }) => contract === "IndexVault")
      ?.address.slice(2)
      .toLowerCase();
    expect(sent.get("codeformat")).to.equal("solidity-standard-json-input");
    expect(sent.get("contractname")).to.equal("project/contracts/DepositGateway.sol:DepositGateway");
    expect(sent.get("compilerversion")).to.equal("v0.8.30+commit.73712a01");
    expect((sent.get("constructorArguments") ?? sent.get("constructorArguements"))?.slice(24, 64)).to.equal(vault);
    expect(server.asked[1]?.query.get("chainid")).to.equal("31337");
  });

  it("stops at a contract that is refused, by name", async function () {
    server = await answerServer({ "/api": [UNVERIFIED, SUBMITTED, FAILED].map((body) => ({ body })) });

    const { code, err } = await verify(
      "--service",
      "etherscan",
      "--api-url",
      `${server.url}/api`,
      "--api-key-file",
      await apiKey(),
    );

    expect(code).to.equal(5);
    expect(err).to.match(/error SOURCE_REFUSED: Expected the service to find DepositGateway verified/);
    expect(err).not.to.include("SECRETKEY");
  });

  it("tells a Blockscout", async function () {
    server = await answerServer({ "/api": [UNVERIFIED, SUBMITTED, PASSED].map((body) => ({ body })) });

    const { code, out } = await verify("--service", "blockscout", "--api-url", `${server.url}/api`);

    expect(code).to.equal(0);
    expect(out).to.include("Pass - Verified");
  });

  it("tells a Sourcify, whose answer says how the sources match", async function () {
    const [gateway] = record.contracts.filter(({ contract }) => contract === "DepositGateway");
    const lookup = `/v2/contract/31337/${gateway?.address}`;
    // As in the documentation of Sourcify's API v2.
    const job = { verificationId: "6679a2b4-0000-0000-0000-000000000000" };
    const contract = {
      match: "exact_match",
      creationMatch: null,
      runtimeMatch: "exact_match",
      chainId: "31337",
      address: gateway?.address,
    };
    server = await answerServer({
      [lookup]: [
        {
          status: 404,
          body: { match: null, creationMatch: null, runtimeMatch: null, chainId: "31337", address: gateway?.address },
        },
      ],
      [`/v2/verify/31337/${gateway?.address}`]: [{ status: 202, body: job }],
      [`/v2/verify/${job.verificationId}`]: [
        { body: { ...job, isJobCompleted: true, jobStartTime: "2024-12-30T00:00:00Z", contract } },
      ],
    });

    const { code, out, err } = await verify("--service", "sourcify", "--api-url", server.url);

    expect(err).to.equal("");
    expect(code).to.equal(0);
    expect(out).to.include("exact_match");
    const sent = JSON.parse(server.asked[1]?.body ?? "{}") as { readonly contractIdentifier?: string };
    expect(sent.contractIdentifier).to.equal("project/contracts/DepositGateway.sol:DepositGateway");
  });

  it("refuses a folder without a deployment, Etherscan without a key and Blockscout without an address", async function () {
    const none = await runCli(["verify-source", "/nowhere"]);
    const keyless = await verify("--service", "etherscan");
    const homeless = await verify("--service", "blockscout");

    expect([none.code, keyless.code, homeless.code]).to.deep.equal([2, 2, 2]);
  });
});
