import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";

import { expect } from "chai";
import { type Hex, type LocalAccount, verifyTypedData } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

import { classOf } from "../../src/execute/errors.ts";
import { externalAccount } from "../../src/execute/external-signer.ts";
import { KeystoreError, readKeystore, readPassword, writeKeystore } from "../../src/execute/keystore.ts";
import { SignatureMismatchError } from "../../src/execute/signing.ts";
import { runCli } from "../cli-run.ts";
import { failureOf } from "../failure-of.ts";
import { type RpcNode, type Twist, serveNode } from "../rpc-node.ts";
import { useSendingChain } from "./sending.ts";

const PASSWORD = "correct horse battery staple";
/** Cheap, for tests. */
const SCRYPT_COST = 1024;

/** A signer that does what it is asked; `change` changes the draft before it signs. */
function signing(account: LocalAccount, change: (draft: object) => object = (draft) => draft): Twist {
  return async ({ method, params }) => {
    if (method !== "eth_signTransaction") return undefined;
    const asked = params[0] as Readonly<Record<string, Hex>>;
    const draft = {
      type: "eip1559",
      to: asked["to"],
      data: asked["data"],
      gas: BigInt(asked["gas"] ?? 0),
      nonce: Number(asked["nonce"]),
      chainId: Number(asked["chainId"]),
      maxFeePerGas: BigInt(asked["maxFeePerGas"] ?? 0),
      maxPriorityFeePerGas: BigInt(asked["maxPriorityFeePerGas"] ?? 0),
    };
    return { result: await account.signTransaction(change(draft) as never) };
  };
}

describe("signers", function () {
  const now = useSendingChain();
  let folder: string;
  let node: RpcNode;

  beforeEach(async function () {
    folder = mkdtempSync(join(tmpdir(), "tm100-keys-"));
    node = await serveNode(now().chain);
  });

  afterEach(async function () {
    rmSync(folder, { recursive: true });
    await node.close();
  });

  describe("a keystore", function () {
    const key = generatePrivateKey();
    const { address } = privateKeyToAccount(key);
    const make = async (): Promise<string> => {
      const file = join(folder, "key.json");
      await writeKeystore(file, key, { password: PASSWORD, scryptCost: SCRYPT_COST });
      return file;
    };

    it("gives the account back to whoever has the password, and only its owner may read the file", async function () {
      const file = await make();

      const account = await readKeystore(file, PASSWORD);

      expect(account.address).to.equal(address);
      expect(statSync(file).mode & 0o777).to.equal(0o600);
    });

    it("signs a transaction that is mined", async function () {
      const { chain, mint, open, minted } = now();
      await chain.setBalance(address, 10n ** 18n);
      const account = await readKeystore(await make(), PASSWORD);

      await open({ account }).transactor.run("mint", mint, "trade");

      expect(await minted()).to.equal(1n);
    });

    it("is not written over another file", async function () {
      const file = await make();

      const failure = await failureOf(writeKeystore(file, key, { password: PASSWORD, scryptCost: SCRYPT_COST }));

      expect(failure).to.be.instanceOf(KeystoreError);
    });

    it("takes the password from a file without its line's end", async function () {
      const file = join(folder, "password");
      writeFileSync(file, `${PASSWORD}\r\n`);

      expect(await readPassword(file)).to.equal(PASSWORD);
    });

    for (const [name, text, words] of [
      ["no keystore", "{}", "of another kind"],
      ["half a keystore", '{"version":3,"crypto":{"cipher":', "of another kind"],
      ["no password", "", "of another kind"],
    ] as const) {
      it(`says so when the file is ${name}`, async function () {
        const file = join(folder, "other.json");
        writeFileSync(file, text);

        const failure = await failureOf(readKeystore(file, PASSWORD));

        expect([failure.code, classOf(failure)]).to.deep.equal(["KEYSTORE", "stop"]);
        expect(failure.message).to.contain(words);
      });
    }
  });

  describe("a signer outside of the process", function () {
    const external = (): LocalAccount => {
      const { address } = now().chain.accounts.keeper;
      return externalAccount({ url: node.url, address, timeoutMs: 2000 });
    };

    it("signs a transaction that is mined", async function () {
      const { chain, mint, open, minted } = now();
      node.twist = signing(chain.accounts.keeper);

      await open({ account: external() }).transactor.run("mint", mint, "trade");

      expect(await minted()).to.equal(1n);
    });

    it("may answer as Clef does", async function () {
      const { chain, mint, open, minted } = now();
      const sign = signing(chain.accounts.keeper);
      node.twist = async (call, pass) => {
        const answer = await sign(call, pass);
        return answer !== undefined && typeof answer === "object" && "result" in answer
          ? { result: { raw: answer.result, tx: {} } }
          : answer;
      };

      await open({ account: external() }).transactor.run("mint", mint, "trade");

      expect(await minted()).to.equal(1n);
    });

    it("signs typed data", async function () {
      const { keeper } = now().chain.accounts;
      const typed = {
        domain: { name: "Test", chainId: 31_337 },
        types: { Target: [{ name: "id", type: "uint64" }] },
        primaryType: "Target",
        message: { id: 7n },
      } as const;
      node.twist = async ({ method }) =>
        method === "eth_signTypedData" ? { result: await keeper.signTypedData(typed) } : undefined;

      const signature = await external().signTypedData(typed);

      expect(await verifyTypedData({ ...typed, address: keeper.address, signature })).to.equal(true);
      const asked = JSON.parse(String(node.calls.at(-1)?.params[1])) as { message: { id: unknown } };
      expect(String(asked.message.id)).to.equal("7");
    });

    for (const [name, twist] of [
      ["another receiver", { to: `0x${"99".repeat(20)}` }],
      ["another nonce", { nonce: 9 }],
      ["more for gas", { maxFeePerGas: 10n ** 15n }],
      ["another chain", { chainId: 1 }],
    ] as const) {
      it(`is not trusted: ${name} is noticed before anything is sent`, async function () {
        const { chain, mint, open } = now();
        node.twist = signing(chain.accounts.keeper, (draft) => ({ ...draft, ...twist }));
        const { transactor, journal } = open({ account: external() });

        const failure = await failureOf(transactor.run("mint", mint, "trade"));

        expect(failure).to.be.instanceOf(SignatureMismatchError);
        expect(journal.lines.some(({ step }) => step === "signed" || step === "sent")).to.equal(false);
      });
    }

    it("is not trusted: another key is noticed", async function () {
      const { chain, mint, open } = now();
      node.twist = signing(chain.accounts.owner);

      const failure = await failureOf(open({ account: external() }).transactor.run("mint", mint, "trade"));

      expect(failure.message).to.contain(chain.accounts.owner.address);
    });

    it("that does not answer is asked again later", async function () {
      node.twist = () => Promise.resolve({ status: 500 });

      const failure = await failureOf(now().open({ account: external() }).transactor.run("mint", now().mint, "trade"));

      expect([failure.code, classOf(failure)]).to.deep.equal(["SIGNER_FAILED", "retry"]);
      expect(inspect(failure, { depth: 20 })).not.to.contain("SECRET");
    });
  });

  describe("secrets", function () {
    const key = generatePrivateKey();

    it("stand in no error, journal line or account", async function () {
      const account = privateKeyToAccount(key);
      const file = join(folder, "key.json");
      await writeKeystore(file, key, { password: PASSWORD, scryptCost: SCRYPT_COST });
      const { transactor, journal } = now().open({ account }); // has no money: it fails
      const failures = [
        await failureOf(readKeystore(file, `${PASSWORD} wrong`)),
        await failureOf(readKeystore(join(folder, "missing.json"), PASSWORD)),
        await failureOf(writeKeystore(file, key, { password: PASSWORD, scryptCost: SCRYPT_COST })),
        await failureOf(transactor.run("mint", now().mint, "trade")),
      ];

      const text = inspect([failures, journal.lines, account, transactor], { depth: 20, showHidden: true });

      expect(text).not.to.contain(key.slice(2));
      expect(text).not.to.contain(BigInt(key).toString());
      expect(text).not.to.contain(PASSWORD);
    });

    it("are in nothing that `keys` prints", async function () {
      const file = join(folder, "key.json");
      const passwordFile = join(folder, "password");
      writeFileSync(passwordFile, PASSWORD);
      process.env["TM100_PRIVATE_KEY"] = key;
      try {
        const made = await runCli(["keys", "import", file, "--password-file", passwordFile]);
        const again = await runCli(["keys", "import", file, "--password-file", passwordFile]);
        const shown = await runCli(["keys", "show", file, "--password-file", passwordFile, "--json"]);
        const text = [made, again, shown].map(({ out, err }) => out + err).join("\n");

        expect([made.code, again.code, shown.code]).to.deep.equal([0, 2, 0]);
        expect(JSON.parse(shown.out)).to.deep.equal({ address: privateKeyToAccount(key).address, file });
        expect(text).not.to.contain(key.slice(2));
        expect(text).not.to.contain(PASSWORD);
      } finally {
        delete process.env["TM100_PRIVATE_KEY"];
      }
    });

    it("of a new key are known to nobody: each has its own", async function () {
      const passwordFile = join(folder, "password");
      writeFileSync(passwordFile, PASSWORD);
      const make = (name: string) =>
        runCli(["keys", "new", join(folder, name), "--password-file", passwordFile, "--json"]);

      const [first, second] = [await make("a.json"), await make("b.json")];

      const addresses = [first, second].map(({ out }) => (JSON.parse(out) as { address: string }).address);
      expect(new Set(addresses).size).to.equal(2);
    });
  });
});
