// A token that calls back during its transfer: every function of the vault, and what others can read meanwhile.
import { expect } from "chai";
import { type FunctionFragment, type Interface } from "ethers";

import { giveCode } from "./support/bad-faith.ts";
import { type Fixture, GAS_CAP, useFixture, WHOLE } from "./support/fixture.ts";
import { GATES } from "./support/gates.ts";
import { batchFrom, execute, leg, publish, tokenOf } from "./support/rebalance.ts";
import { investedFund } from "./support/situations.ts";

/** Functions that move nothing of the fund's and need no guard: the caller's own shares, and a fact of time. */
const UNGUARDED = new Set(["approve", "transfer", "transferFrom", "permit", "setOperator", "mature"]);

/** Whoever may call these is a contract of the fund or the owner, and no token is either. */
const OPEN_TO_ALL = Object.entries(GATES.vault)
  .filter(([, gate]) => gate.kind === "anyone" || gate.by.includes("alice"))
  .map(([name]) => name);

const GUARDED = OPEN_TO_ALL.filter((name) => !UNGUARDED.has(name.slice(0, name.indexOf("("))));

/** One of everything, in the token's own name, so that nothing but the guard stands in its way. */
function argsFor({ inputs }: FunctionFragment, token: string): unknown[] {
  return inputs.map(({ type }) => {
    if (type.endsWith("[]")) return [];
    return type === "address" ? token : 1;
  });
}

describe("Attack: re-entrancy into every function that is open to all (imBTC, Cream)", function () {
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    await giveCode(fixture, "alpha", "CallbackToken");
  });

  async function armed(fixture: Fixture, name: string) {
    const { vault, ethers } = fixture;
    const token = await ethers.getContractAt("CallbackToken", tokenOf(fixture, "alpha"));
    const abi: Interface = vault.interface;
    const fragment = abi.getFunction(name);
    if (fragment === null) throw new TypeError(`The vault has no ${name}`);
    await token.arm(vault, abi.encodeFunctionData(fragment, argsFor(fragment, await token.getAddress())));
    return token;
  }

  it("counts at least the ways in and out among them", function () {
    const names = GUARDED.map((name) => name.slice(0, name.indexOf("(")));

    expect(names).to.include.members(["requestDeposit", "requestRedeem", "redeem", "withdraw", "redeemInKind"]);
  });

  for (const name of GUARDED) {
    it(`finds ${name} shut during a leg`, async function () {
      const fixture = get();
      const token = await armed(fixture, name);

      await execute(fixture, await publish(fixture, "bear"), [leg(fixture, ["alpha", "usd-coin"], WHOLE)]);

      const guard = fixture.vault.interface.getError("ReentrancyGuardReentrantCall")?.selector;
      expect([await token.successes(), await token.lastError()]).to.deep.equal([0n, guard]);
    });

    it(`finds ${name} shut during an exit in kind`, async function () {
      const fixture = get();
      const { vault, people } = fixture;
      const token = await armed(fixture, name);

      await vault.connect(people.alice).redeemInKind(WHOLE, people.alice, people.alice, [], [], { gasLimit: GAS_CAP });

      const guard = vault.interface.getError("ReentrancyGuardReentrantCall")?.selector;
      expect([await token.successes(), await token.lastError()]).to.deep.equal([0n, guard]);
    });
  }
});

describe("Attack: read-only re-entrancy (Curve's virtual price)", function () {
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    await giveCode(fixture, "alpha", "CallbackToken");
  });

  /** What a view of the vault says in the middle of a call that moves alpha. */
  async function seenDuring(fixture: Fixture, data: string, run: () => Promise<unknown>): Promise<bigint> {
    const token = await fixture.ethers.getContractAt("CallbackToken", tokenOf(fixture, "alpha"));
    await token.arm(fixture.vault, data);
    await run();
    expect(await token.successes()).to.equal(1);
    return BigInt(await token.lastAnswer());
  }

  it("shows the NAV before the leg during a leg", async function () {
    const fixture = get();
    const { vault } = fixture;
    const signed = await publish(fixture, "bear");
    await execute(fixture, signed, []);
    const before = await vault.nav();

    const seen = await seenDuring(fixture, vault.interface.encodeFunctionData("nav"), () =>
      execute(fixture, signed, batchFrom(0, [leg(fixture, ["alpha", "usd-coin"], 1000n * WHOLE)])),
    );

    expect(seen).to.equal(before);
  });

  /** Alice leaves with half of everything. */
  function leave({ vault, people }: Fixture): Promise<unknown> {
    return vault
      .connect(people.alice)
      .redeemInKind(500_000n * WHOLE, people.alice, people.alice, [], [], { gasLimit: GAS_CAP });
  }

  it("shows the shares of those who stay during an exit in kind", async function () {
    const fixture = get();
    const { vault } = fixture;

    const seen = await seenDuring(fixture, vault.interface.encodeFunctionData("totalSupply"), () => leave(fixture));

    expect(seen).to.equal(500_000n * WHOLE);
  });

  it("shows the holdings of those who stay during an exit in kind", async function () {
    const fixture = get();
    const { vault } = fixture;
    // All holdings leave the books before the first is delivered; the deposit coin is the last word of the answer.
    const [cash = 0n] = await vault.balances(1);

    const data = vault.interface.encodeFunctionData("balances", [1]);
    const seen = await seenDuring(fixture, data, () => leave(fixture));

    expect(seen).to.equal(cash - cash / 2n);
  });
});
