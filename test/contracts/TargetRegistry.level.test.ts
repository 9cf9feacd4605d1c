import { expect } from "chai";
import { keccak256, zeroHash } from "viem";

import { signLevel } from "../../src/execute/publish.ts";
import {
  type AccountName,
  advanceTo,
  BEAR,
  type Fixture,
  MONDAY,
  useFixture,
  WEEK,
  WEEK_NUMBER,
  WHOLE,
} from "./support/fixture.ts";
import { proveLedger } from "./support/proof.ts";
import { execute, publish, send, sign, weightsOf } from "./support/rebalance.ts";
import { publishBull } from "./support/situations.ts";

const LEVEL = {
  week: Number(WEEK_NUMBER),
  regime: "bear",
  decisionHash: keccak256("0x01"),
  membershipRoot: keccak256("0x02"),
  twinLevel: 1234n * WHOLE,
} as const;

type Change = Partial<Omit<typeof LEVEL, "week" | "regime" | "membershipRoot">> & {
  readonly week?: number;
  readonly regime?: "bear" | "bull";
  readonly membershipRoot?: `0x${string}`;
  readonly signer?: AccountName;
};

async function sendLevel(fixture: Fixture, change: Change = {}) {
  const { signer = "signer", ...facts } = change;
  const level = { ...LEVEL, ...facts };
  const place = { chainId: 31_337, registry: fixture.fund.addresses.registry };
  const signature = await signLevel(fixture.market.chain.accounts[signer], level, place);
  const chainLevel = { ...level, regime: level.regime === "bull" ? 1 : 0 };
  return fixture.registry.connect(fixture.people.stranger).publishLevel(chainLevel, signature);
}

describe("TargetRegistry: levels", function () {
  const get = useFixture((fixture) => advanceTo(fixture, MONDAY + 60));

  it("is a line of the ledger with decision, members and twin level", async function () {
    const { vault } = get();

    const sent = await sendLevel(get());

    const [sequence, head] = await vault.ledger();
    await expect(sent)
      .to.emit(vault, "LevelPublished")
      .withArgs(WEEK_NUMBER, "bear", LEVEL.decisionHash, LEVEL.membershipRoot, LEVEL.twinLevel, sequence, head);
  });

  it("sets the week's root and changes nothing else", async function () {
    const { registry } = get();
    await sendLevel(get());

    expect(await registry.rootOf(WEEK_NUMBER)).to.equal(LEVEL.membershipRoot);
    expect([await registry.lastId(), (await registry.pending()).id, await registry.regime()]).to.deep.equal([
      0n,
      0n,
      0n,
    ]);
  });

  it("is proven by the logs", async function () {
    await sendLevel(get());

    const { isComparedWithChain, lines } = await proveLedger(get());
    expect([isComparedWithChain, BigInt(lines)]).to.deep.equal([true, (await get().vault.ledger())[0]]);
  });

  it("takes the hash of EIP-712 for what is signed", async function () {
    const { ethers, fund, registry } = get();
    const domain = { name: "TM Global 100", version: "1", chainId: 31_337, verifyingContract: fund.addresses.registry };
    const types = {
      Level: [
        { name: "week", type: "uint64" },
        { name: "regime", type: "uint8" },
        { name: "decisionHash", type: "bytes32" },
        { name: "membershipRoot", type: "bytes32" },
        { name: "twinLevel", type: "uint256" },
      ],
    };
    const level = { ...LEVEL, regime: 0 };

    expect(await registry.levelDigestOf(level)).to.equal(ethers.TypedDataEncoder.hash(domain, types, level));
  });

  it("is refused with a signature of anyone but the signer", async function () {
    await expect(sendLevel(get(), { signer: "keeper" }))
      .to.be.revertedWithCustomError(get().registry, "SignerUnknown")
      .withArgs(get().people.keeper);
  });

  for (const week of [LEVEL.week - 1, LEVEL.week + 1]) {
    it(`is refused for week ${week} in week ${LEVEL.week}`, async function () {
      await expect(sendLevel(get(), { week }))
        .to.be.revertedWithCustomError(get().registry, "LevelOfOtherWeek")
        .withArgs(week, WEEK_NUMBER);
    });
  }

  it("is refused when it names another regime than the fund's", async function () {
    await expect(sendLevel(get(), { regime: "bull" }))
      .to.be.revertedWithCustomError(get().registry, "LevelOfOtherRegime")
      .withArgs(0);
  });

  it("is refused without a root", async function () {
    await expect(sendLevel(get(), { membershipRoot: zeroHash })).to.be.revertedWithCustomError(
      get().registry,
      "MembershipRootMissing",
    );
  });

  it("is refused a second time in a week, and taken in the next", async function () {
    await sendLevel(get());

    await expect(sendLevel(get(), { twinLevel: LEVEL.twinLevel }))
      .to.be.revertedWithCustomError(get().registry, "WeekPublished")
      .withArgs(WEEK_NUMBER);
    await advanceTo(get(), MONDAY + WEEK);
    await sendLevel(get(), { week: LEVEL.week + 1 });
    expect(await get().registry.rootOf(WEEK_NUMBER + 1n)).to.equal(LEVEL.membershipRoot);
  });

  it("is refused beside the week's target", async function () {
    await publish(get(), "bear");

    await expect(sendLevel(get())).to.be.revertedWithCustomError(get().registry, "WeekPublished").withArgs(WEEK_NUMBER);
  });

  it("keeps the week's target out, but not an exit of that week", async function () {
    await sendLevel(get());
    const weights = weightsOf(get(), BEAR);

    await expect(send(get(), await sign(get(), "bear", { weights })))
      .to.be.revertedWithCustomError(get().registry, "WeekPublished")
      .withArgs(WEEK_NUMBER);
    await send(get(), await sign(get(), "bear", { weights, change: { id: WEEK_NUMBER * 8n + 3n } }));
    expect((await get().registry.pending()).id).to.equal(WEEK_NUMBER * 8n + 3n);
  });

  it("holds a bull regime as it holds a bear one", async function () {
    const fixture = get();
    await execute(fixture, await publishBull(fixture), []);
    await advanceTo(fixture, MONDAY + WEEK);

    await sendLevel(fixture, { week: LEVEL.week + 1, regime: "bull" });

    expect(await fixture.registry.regime()).to.equal(1);
  });
});
