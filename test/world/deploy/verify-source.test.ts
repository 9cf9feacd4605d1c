import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { type Address, type Hex, getAddress } from "viem";

import type { ContractName } from "../../../src/execute/artifacts.ts";
import type { CompilerInput } from "../../../src/execute/build-info.ts";
import { deployNetwork } from "../../../src/execute/deploy/deploy-network.ts";
import { linkedInput } from "../../../src/execute/deploy/linked-input.ts";
import { type DeploymentRecord, readRecord, writeRecord } from "../../../src/execute/deploy/record.ts";
import { type SourceAnswers, readSourceAnswers } from "../../../src/execute/deploy/source-answers.ts";
import { type Answer, type AnswerServer, answerServer } from "../../answer-server.ts";
import { type CliRun, runCli } from "../../cli-run.ts";
import { failureOf } from "../../failure-of.ts";
import { type OpenRehearsal, openRehearsal } from "./support.ts";

/** In the words of Etherscan's documentation of `verifysourcecode`, `checkverifystatus` and `getsourcecode`. */
const UNVERIFIED = {
  status: "1",
  message: "OK",
  result: [{ SourceCode: "", ABI: "Contract source code not verified" }],
};
const VERIFIED = { status: "1", message: "OK", result: [{ SourceCode: "contract C {}", ABI: "[]" }] };
const SUBMITTED = { status: "1", message: "OK", result: "ezq878u486pzijkvvmerl6a9mzwhv6sefgvqi5tkwceejc7tvn" };
const PASSED = { status: "1", message: "OK", result: "Pass - Verified" };
const FAILED = { status: "0", message: "NOTOK", result: "Fail - Unable to verify" };

const LOCAL = 31337;
const GATEWAY = "project/contracts/DepositGateway.sol:DepositGateway";
const LISTINGS = "project/contracts/vault/Listings.sol";

describe("verify-source", function () {
  let open: OpenRehearsal;
  let record: DeploymentRecord;
  let folder: string;
  let server: AnswerServer | undefined;

  before(async function () {
    open = await openRehearsal("sepolia.json");
    const { client, deployer, network } = open;
    await writeRecord({ client, folder: open.folder, commit: "abc" }, await deployNetwork(deployer, network));
    record = await readRecord(open.folder);
  });

  after(async function () {
    await open.close();
  });

  // Of one contract: services are told of each in the same way.
  beforeEach(async function () {
    folder = await folderOf("DepositGateway");
  });

  afterEach(async function () {
    await server?.close();
    await rm(folder, { recursive: true });
  });

  const created = (name: ContractName): DeploymentRecord["contracts"][number] => {
    const found = record.contracts.find(({ contract }) => contract === name);
    if (found === undefined) throw new TypeError(`the fund has a ${name}`);
    return found;
  };

  /** A deployment's folder whose record has these contracts alone. */
  const folderOf = async (...names: ContractName[]): Promise<string> => {
    const place = await mkdtemp(join(tmpdir(), "verify-source-"));
    const contracts = names.map(created);
    await writeFile(join(place, "record.json"), JSON.stringify({ ...record, contracts }));
    await mkdir(join(place, "input"));
    for (const { input } of contracts) await copyFile(join(open.folder, "input", input), join(place, "input", input));
    await writeFile(join(place, "key"), "SECRETKEY\n");
    return place;
  };

  const verify = (...args: string[]): Promise<CliRun> => runCli(["verify-source", folder, "--json", ...args]);

  /** Asks a service that gives these answers in turn, all at one path. */
  const ask = async (service: "etherscan" | "blockscout", ...bodies: readonly Answer["body"][]): Promise<CliRun> => {
    server = await answerServer({ "/api": bodies.map((body) => ({ body })) });
    const key = service === "etherscan" ? ["--api-key-file", join(folder, "key")] : [];
    return verify("--service", service, "--api-url", `${server.url}/api`, ...key);
  };

  /** Form that was sent last. */
  const sent = (): URLSearchParams => new URLSearchParams(server?.asked.findLast(({ body }) => body !== "")?.body);

  const kept = (): Promise<SourceAnswers | undefined> => {
    const contracts = new Map(record.contracts.map(({ contract, address }) => [address.toLowerCase(), contract]));
    return readSourceAnswers(folder, { chainId: LOCAL, contracts });
  };

  it("writes the sources beside the record when no service is named, and keeps no answer", async function () {
    const { code } = await verify();

    expect(code).to.equal(0);
    const place = join(folder, "contracts", "full_match", String(LOCAL), created("DepositGateway").address);
    expect(JSON.parse(await readFile(join(place, "metadata.json"), "utf8"))).to.have.property("language", "Solidity");
    expect(await kept()).to.equal(undefined);
  });

  it("tells an Etherscan what the compiler was given, with the constructor's arguments", async function () {
    const { code, out } = await ask("etherscan", UNVERIFIED, SUBMITTED, PASSED);

    expect(code).to.equal(0);
    expect(out).to.include("Pass - Verified");
    const vault = created("IndexVault").address.slice(2).toLowerCase();
    expect(sent().get("codeformat")).to.equal("solidity-standard-json-input");
    expect(sent().get("contractname")).to.equal(GATEWAY);
    expect(sent().get("compilerversion")).to.equal("v0.8.30+commit.73712a01");
    expect(sent().get("constructorArguments")?.slice(24, 64)).to.equal(vault);
    expect(inputIn(sent()).settings).to.not.have.property("libraries"); // it links none
    expect(server?.asked[1]?.query.get("chainid")).to.equal(String(LOCAL));
  });

  it("stops at a contract that is refused, by name, and keeps that", async function () {
    const { code, err } = await ask("etherscan", UNVERIFIED, SUBMITTED, FAILED);

    expect(code).to.equal(5);
    expect(err).to.match(/error SOURCE_REFUSED: Expected the service to find DepositGateway verified/);
    expect(err).not.to.include("SECRETKEY");
    const answers = (await kept())?.answers.map(({ contract, service, match }) => [contract, service, match]);
    expect(answers).to.deep.equal([["DepositGateway", "etherscan", "refused"]]);
  });

  it("keeps the last answer of each service, with where a reader sees it", async function () {
    await ask("blockscout", UNVERIFIED, SUBMITTED, FAILED);
    await server?.close();
    const { code, out } = await ask("blockscout", UNVERIFIED, SUBMITTED, PASSED);

    expect(code).to.equal(0);
    expect(out).to.include("Pass - Verified");
    const { address } = created("DepositGateway");
    const answers = (await kept())?.answers ?? [];
    expect(answers).to.have.lengthOf(1);
    expect(answers[0]).to.include({ address, match: "verified", url: `${server?.url}/address/${address}#code` });
  });

  it("tells a Sourcify, which tells apart the code that creates and the code that runs", async function () {
    const { address, transaction } = created("DepositGateway");
    const lookup = `/v2/contract/${LOCAL}/${address}`;
    // As in the documentation of Sourcify's API v2.
    const job = { verificationId: "6679a2b4-0000-0000-0000-000000000000" };
    const unknown = { match: null, creationMatch: null, runtimeMatch: null, chainId: String(LOCAL), address };
    const contract = { ...unknown, match: "exact_match", runtimeMatch: "exact_match" };
    const done = { ...job, isJobCompleted: true, jobStartTime: "2024-12-30T00:00:00Z", contract };
    server = await answerServer({
      [lookup]: [{ status: 404, body: unknown }, { body: contract }],
      [`/v2/verify/${LOCAL}/${address}`]: [{ status: 202, body: job }],
      [`/v2/verify/${job.verificationId}`]: [{ body: done }],
    });

    const { code, out } = await verify("--service", "sourcify", "--api-url", server.url);

    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.have.nested.property("contracts[0].runtimeMatch", "exact_match");
    const body = JSON.parse(server.asked[1]?.body ?? "{}") as Readonly<Record<string, unknown>>;
    expect(body).to.include({ contractIdentifier: GATEWAY, creationTransactionHash: transaction });
    const [answer] = (await kept())?.answers ?? [];
    expect(answer).to.include({ match: "exact_match", creationMatch: null, url: `${server.url}${lookup}` });
  });

  it("sends nothing while the kept answers are about another contract", async function () {
    const { address } = created("IndexVault");
    const answer = { contract: "DepositGateway", address, service: "etherscan", match: "verified", url: null };
    const answers = [{ ...answer, creationMatch: null, runtimeMatch: null, time: "2025-01-01T00:00:00Z" }];
    await writeFile(join(folder, "sources.json"), JSON.stringify({ chainId: LOCAL, answers }));

    const { err } = await ask("etherscan", UNVERIFIED, SUBMITTED, PASSED);

    expect(err).to.match(
      /error SOURCE_ANSWERS_UNREADABLE: .* found DepositGateway at 0x\w+, where nothing of the fund is/,
    );
    expect(server?.asked).to.deep.equal([]);
  });

  it("refuses a folder without a deployment, Etherscan without a key and Blockscout without an address", async function () {
    const none = await runCli(["verify-source", "/nowhere"]);
    const keyless = await verify("--service", "etherscan");
    const homeless = await verify("--service", "blockscout");

    expect([none.code, keyless.code, homeless.code]).to.deep.equal([2, 2, 2]);
  });

  describe("of a contract that links libraries", function () {
    it("sends what makes the compiler's code the chain's, but for the hash of the metadata", async function () {
      await rm(folder, { recursive: true });
      folder = await folderOf("Record", "Listings");
      await ask("etherscan", VERIFIED, UNVERIFIED, SUBMITTED, PASSED);
      const { address } = created("Listings");

      const onChain = (await open.client.getCode({ address: address as Address })) ?? "0x";

      const compiled = compiledCode(inputIn(sent()), LISTINGS, "Listings");
      // A library is compiled with zeros where its own address comes to stand: solc's documentation, "call protection".
      const own = compiled.replace(`307f${"00".repeat(32)}`, `307f${"00".repeat(12)}${address.slice(2).toLowerCase()}`);
      expect(withoutMetadata(own)).to.equal(withoutMetadata(onChain));
      expect(own).to.not.equal(onChain);
      expect(onChain).to.include(created("Record").address.slice(2).toLowerCase());
    });

    it("names all nine of the vault, each in its file, by the addresses of the record", async function () {
      const input = { language: "Solidity", sources: {}, settings: { viaIR: true } } as const;

      const { settings } = await linkedInput(created("IndexVault"), record, input);

      const libraries = settings["libraries"] as Readonly<Record<string, Readonly<Record<string, string>>>>;
      const at = (name: ContractName) => ({ [name]: getAddress(created(name).address) });
      expect(Object.keys(libraries)).to.have.lengthOf(9); // IndexVault.sol: all but AbandonedExit and Quarantine
      expect(libraries["project/contracts/vault/Record.sol"]).to.deep.equal(at("Record"));
      expect(libraries["project/contracts/libraries/Valuation.sol"]).to.deep.equal(at("Valuation"));
      expect(settings["viaIR"]).to.equal(true);
    });

    it("refuses another build than the one that was deployed", async function () {
      const vault = { ...created("IndexVault"), input: "solc-other.json" };

      const failure = await failureOf(linkedInput(vault, record, {} as CompilerInput));

      expect(failure).to.have.property("code", "OTHER_BUILD");
    });

    it("refuses a contract that this checkout does not know, and names the commit that does", async function () {
      const other = { ...created("IndexVault"), contract: "OtherVault" };

      const failure = await failureOf(linkedInput(other, record, {} as CompilerInput));

      expect(failure).to.have.property("code", "OTHER_BUILD");
      expect(failure.message).to.match(/no contract of that name in this checkout\. Check out commit abc/);
    });

    it("refuses a record that does not say where a library is", async function () {
      const contracts = record.contracts.filter(({ contract }) => contract !== "Valuation");

      const failure = await failureOf(
        linkedInput(created("IndexVault"), { ...record, contracts }, {} as CompilerInput),
      );

      expect(failure).to.have.property("code", "LIBRARY_UNPLACED");
      expect(failure.message).to.match(/record\.json to place Valuation, a library of IndexVault/);
    });
  });
});

function inputIn(form: URLSearchParams): CompilerInput {
  return JSON.parse(form.get("sourceCode") ?? "{}") as CompilerInput;
}

/** What solc makes of it; only what is put out is chosen, which changes no code. */
function compiledCode(input: CompilerInput, file: string, contract: string): Hex {
  const solc = createRequire(import.meta.url)("solc") as { readonly compile: (input: string) => string };
  const settings = { ...input.settings, outputSelection: { [file]: { [contract]: ["evm.deployedBytecode.object"] } } };
  const output = JSON.parse(solc.compile(JSON.stringify({ ...input, settings }))) as {
    readonly contracts: Readonly<
      Record<
        string,
        Readonly<Record<string, { readonly evm: { readonly deployedBytecode: { readonly object: string } } }>>
      >
    >;
  };
  return `0x${output.contracts[file]?.[contract]?.evm.deployedBytecode.object ?? ""}`;
}

/** Without what the last two bytes say the length of. @see https://docs.soliditylang.org/en/latest/metadata.html */
function withoutMetadata(code: string): string {
  return code.slice(0, -2 * (Number.parseInt(code.slice(-4), 16) + 2));
}
