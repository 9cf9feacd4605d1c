// Tests of what the site says of the fund's code and sources: what it compares itself, and what services said.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { type Document, useServedFund } from "./served-fund.ts";
import { serveTestSite } from "./served-site.ts";

describe("verification of a fund's code", function () {
  const fund = useServedFund();
  type Contract = {
    readonly contract: string;
    readonly address: string;
    readonly code: string;
    readonly answers: Document[];
  };
  type Verification = { readonly contracts: readonly Contract[]; readonly sources: Document };

  /** What a new site says, which reads the file that is beside the deployment. */
  const rules = async (file?: Document): Promise<Verification> => {
    const { folder } = fund.served();
    if (file !== undefined) await writeFile(join(folder, "sources.json"), JSON.stringify(file));
    const other = await serveTestSite(fund.served(), { isMarketAwaited: false, folder });
    const answer = (await other.get("/api/rules")).json();
    await other.close();
    await rm(join(folder, "sources.json"), { force: true });
    return answer as unknown as Verification;
  };

  const vault = (): string => fund.served().world.fund.addresses.vault;
  const answer = () => ({
    ...{ contract: "IndexVault", address: vault(), service: "sourcify", match: "exact_match" },
    ...{ creationMatch: null, runtimeMatch: "exact_match", time: "2025-01-01T00:00:00Z" },
    url: "https://repo.sourcify.dev/1",
  });

  it("finds the code of all contracts to be that of the sources, and says that nobody was asked", async function () {
    const { contracts, sources } = await rules();

    expect(contracts.map(({ code }) => code)).to.deep.equal(Array.from({ length: 19 }, () => "match"));
    expect(sources).to.deep.equal({ state: "never-asked", trouble: null });
  });

  it("finds the one contract whose code was exchanged", async function () {
    const { market, fund: place } = fund.served().world;
    const client = market.chain.publicClient;
    const { gateway: address } = place.addresses;
    const code = `${await client.getCode({ address })}00`; // works as before
    await client.request({ method: "hardhat_setCode" as never, params: [address, code] as never });

    const { contracts } = await rules();

    expect(contracts.filter(({ code }) => code !== "match")).to.have.lengthOf(1);
    expect(contracts.find(({ code }) => code === "differs")?.contract).to.equal("DepositGateway");
  });

  it("tells what a service said of a contract", async function () {
    const { contracts, sources } = await rules({ chainId: 31337, answers: [answer()] });

    const { service, match, creationMatch, runtimeMatch, url, time } = answer();
    expect(contracts.find(({ contract }) => contract === "IndexVault")?.answers).to.deep.equal([
      { service, match, creationMatch, runtimeMatch, url, time },
    ]);
    expect(contracts.flatMap(({ answers }) => answers)).to.have.lengthOf(1);
    expect(sources).to.deep.equal({ state: "asked", trouble: null });
  });

  for (const [what, change, found] of [
    ["another chain", { chainId: 1 }, /found answers about chain 1 instead of 31337/],
    ["an unknown kind of match", { match: "perfect" }, /found at answers\.0\.match/],
    ["a link that is a script", { url: "javascript:alert(1)" }, /found at answers\.0\.url/],
    [
      "another contract's address",
      { contract: "VaultLens" },
      /found VaultLens at 0x\w+, where IndexVault of the fund is/,
    ],
  ] as const) {
    it(`shows nothing of a file with ${what}, and says why`, async function () {
      const chainId = "chainId" in change ? change.chainId : 31337;
      const answers = [{ ...answer(), ...("chainId" in change ? {} : change) }];

      const { contracts, sources } = await rules({ chainId, answers });

      expect(sources["state"]).to.equal("unreadable");
      expect(sources["trouble"]).to.match(found);
      expect(contracts.flatMap(({ answers: said }) => said)).to.deep.equal([]);
    });
  }
});
