import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { getAddress } from "viem";

import { deployNetwork } from "../../../src/execute/deploy/deploy-network.ts";
import { readRecord, writeRecord } from "../../../src/execute/deploy/record.ts";
import { fullMatches } from "../../../src/world/rehearsal/full-match.ts";
import { type ContractSource, readSources, writeRepository } from "../../../src/world/rehearsal/sources.ts";
import { type OpenRehearsal, openRehearsal } from "./support.ts";

describe("sources of a deployment", function () {
  let open: OpenRehearsal;
  let sources: readonly ContractSource[];
  let rpc: string;

  before(async function () {
    open = await openRehearsal("sepolia.json");
    const { client, deployer, network, folder } = open;
    await writeRecord({ client, folder, commit: "abc" }, await deployNetwork(deployer, network));
    sources = await readSources(folder, await readRecord(folder));
    rpc = await open.market.chain.serve(0);
  });

  after(async function () {
    await open.close();
  });

  it("match the chain in full, metadata and creation included, by Sourcify's own library", async function () {
    const matches = await fullMatches(rpc, 31337, sources);

    expect(matches.map(({ contract, match, creationMatch }) => [contract, match, creationMatch])).to.deep.equal(
      sources.map(({ contract }) => [contract, "perfect", "perfect"]),
    );
    expect(matches).to.have.lengthOf(19); // 11 libraries and 8 contracts
  });

  it("match what runs alone, without the transaction that created it", async function () {
    const gateway = namedIn(sources, "DepositGateway");
    const { contract, address, compiler, sourceName, inputId, input, metadata } = gateway;

    const [match] = await fullMatches(rpc, 31337, [
      { contract, address, compiler, sourceName, inputId, input, metadata },
    ]);

    expect([match?.match, match?.creationMatch]).to.deep.equal(["perfect", "none"]);
  });

  it("match no more when the metadata are other ones", async function () {
    const vault = vaultOf(sources);
    const metadata = vault.metadata.replace("0.8.30", "0.8.31");

    const [match] = await fullMatches(rpc, 31337, [{ ...vault, metadata }]);

    expect(match?.match).to.equal("other metadata");
  });

  it("match no more when a comment of a source is changed", async function () {
    const vault = vaultOf(sources);
    const content = `${vault.input.sources[vault.sourceName]?.content ?? ""}// a harmless comment\n`;
    const input = { ...vault.input, sources: { ...vault.input.sources, [vault.sourceName]: { content } } };

    const [match] = await fullMatches(rpc, 31337, [{ ...vault, input }]);

    expect(match?.match).to.equal("other source");
  });

  it("match nothing where another contract is", async function () {
    const lens = sources.find(({ contract }) => contract === "VaultLens");

    const [match] = await fullMatches(rpc, 31337, [{ ...vaultOf(sources), address: lens?.address ?? "0x" }]).catch(
      () => [],
    );

    expect(match?.match ?? "none").to.equal("none");
  });

  it("are written as Sourcify keeps them", async function () {
    await writeRepository(open.folder, 31337, sources);

    const vault = vaultOf(sources);
    const place = join(open.folder, "contracts", "full_match", "31337", getAddress(vault.address));
    expect(await readFile(join(place, "metadata.json"), "utf8")).to.equal(vault.metadata);
    const original = await readFile(join(import.meta.dirname, "..", "..", "..", "contracts", "IndexVault.sol"), "utf8");
    expect(await readFile(join(place, "sources", "project", "contracts", "IndexVault.sol"), "utf8")).to.equal(original);
  });
});

function vaultOf(sources: readonly ContractSource[]): ContractSource {
  return namedIn(sources, "IndexVault");
}

function namedIn(sources: readonly ContractSource[], name: string): ContractSource {
  const found = sources.find(({ contract }) => contract === name);
  if (found === undefined) throw new TypeError(`the fund has a ${name}`);
  return found;
}
