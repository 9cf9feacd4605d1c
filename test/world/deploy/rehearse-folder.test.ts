import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { type Network, readNetwork } from "../../../src/execute/network.ts";
import { type Book, openBook } from "../../../src/world/rehearsal/book.ts";
import { hashOfNetwork, instanceAt, readChainFile } from "../../../src/world/rehearsal/chain-file.ts";
import { openChain } from "../../../src/world/rehearsal/open-chain.ts";
import { beginAnew, rehearse, stopRehearsal } from "../../../src/world/rehearsal/rehearse.ts";
import { FILES } from "./support.ts";

const FILE = join(FILES, "base-sepolia.json");
/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:1";

describe("the folder of a rehearsal", function () {
  let folder: string;
  let network: Network;

  beforeEach(async function () {
    folder = await mkdtemp(join(tmpdir(), "rehearse-folder-"));
    network = await readNetwork(FILE);
  });

  afterEach(async function () {
    await rm(folder, { recursive: true, force: true });
  });

  const codeOf = async (work: () => Promise<unknown>): Promise<unknown> => {
    try {
      await work();
      return undefined;
    } catch (error) {
      return (error as { readonly code?: unknown }).code;
    }
  };
  const goOn = () => rehearse({ folder, file: FILE, network, say: () => undefined });
  const withBook = (work: (book: Book) => void): void => {
    const book = openBook(join(folder, "rehearsal.sqlite"));
    work(book);
    book.close();
  };
  const noteBegun = (hash: string): void => {
    withBook((book) => {
      book.write("chain", "of old");
      book.write("network", hash);
    });
  };

  it("is refused when it holds something else, also with --fresh", async function () {
    await writeFile(join(folder, "letter.txt"), "dear");

    expect(await codeOf(goOn)).to.equal("REHEARSAL_FOLDER");
    expect(await codeOf(() => beginAnew(folder))).to.equal("REHEARSAL_FOLDER");
    expect(await readdir(folder)).to.deep.equal(["letter.txt"]);
  });

  it("is refused when it is about another network file", async function () {
    noteBegun(hashOfNetwork({ ...network, title: "Another" }));

    expect(await codeOf(goOn)).to.equal("REHEARSAL_OF_OTHER_NETWORK");
  });

  it("is refused when its chain was ended", async function () {
    noteBegun(hashOfNetwork(network));

    expect(await codeOf(goOn)).to.equal("REHEARSAL_CHAIN_GONE");
  });

  it("is refused when its chain does not answer", async function () {
    noteBegun(hashOfNetwork(network));
    const ready = { url: NOWHERE, instance: "of old", outline: {} };
    await writeFile(
      join(folder, "chain.json"),
      JSON.stringify({ pid: process.pid, networkHash: hashOfNetwork(network), ready }),
    );

    expect(await codeOf(goOn)).to.equal("REHEARSAL_CHAIN_GONE");
  });

  it("is refused while another process works in it", async function () {
    const other = openBook(join(folder, "rehearsal.sqlite"));

    try {
      expect(await codeOf(goOn)).to.equal("REHEARSAL_BUSY");
      expect(await codeOf(() => beginAnew(folder))).to.equal("REHEARSAL_BUSY");
    } finally {
      other.close();
    }
  });

  for (const name of ["rehearsal.sqlite", "chain.json"]) {
    it(`is refused when ${name} is damaged, until it is begun anew`, async function () {
      await writeFile(join(folder, name), "neither a book nor a chain, but of some length");

      expect(await codeOf(goOn)).to.equal("REHEARSAL_DAMAGED");
      await beginAnew(folder);
      expect(existsSync(folder)).to.equal(false);
    });
  }

  it("keeps one chain for all who open it, which --fresh ends", async function () {
    const place = { folder, file: FILE, network };
    const [one, other] = await Promise.all([openChain(place), openChain(place)]);
    const { pid = 0 } = (await readChainFile(folder)) ?? {};
    expect(other.instance).to.equal(one.instance);
    expect(pid).not.to.equal(process.pid);

    await beginAnew(folder);

    expect(await instanceAt(one.url)).to.equal(undefined);
    expect(await stopRehearsal(folder)).to.equal(false);
  });

  it("takes the place of a chain that died while it was built", async function () {
    const dead = 2 ** 22; // above what Linux numbers processes with
    await writeFile(join(folder, "chain.json"), JSON.stringify({ pid: dead, networkHash: hashOfNetwork(network) }));

    const { url } = await openChain({ folder, file: FILE, network });

    expect(await instanceAt(url)).to.be.a("string");
    expect(JSON.parse(await readFile(join(folder, "chain.json"), "utf8"))).not.to.include({ pid: dead });
    await stopRehearsal(folder);
  });
});
