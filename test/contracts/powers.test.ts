// Walks over every function of every deployed contract that changes something, and calls it as everybody.
import { expect } from "chai";
import { type FunctionFragment, type Interface, type ParamType } from "ethers";

import { USDC, type Fixture, openFixture, useFixture } from "./support/fixture.ts";
import { type Caller, GATES, type Gate, type Gated, WITHOUT_GATES } from "./support/gates.ts";
import { depositNow } from "./support/situations.ts";

const PEOPLE = ["owner", "keeper", "guardian", "signer", "alice", "stranger"] as const;
const CONTRACTS = ["vault", "registry", "rebalancer", "oracle", "venue", "gateway", "lens", "accessManager"] as const;

/** What a refusal says. */
type Refusal = { readonly name: string; readonly args: readonly unknown[] };

const CONTRACT_NAMES = {
  vault: "IndexVault",
  registry: "TargetRegistry",
  rebalancer: "Rebalancer",
  oracle: "PriceOracle",
  venue: "UniswapV3Venue",
  gateway: "DepositGateway",
  accessManager: "DelayedAccessManager",
} as const satisfies Record<Gated, string>;

function addressOf({ people, fund, ethers }: Fixture, caller: Caller): string {
  const person = PEOPLE.find((name) => name === caller);
  if (person !== undefined) return people[person].address;
  return ethers.getAddress(fund.addresses[caller as (typeof CONTRACTS)[number]]);
}

async function interfaceOf({ ethers, fund }: Fixture, contract: Gated): Promise<Interface> {
  return (await ethers.getContractAt(CONTRACT_NAMES[contract] as "IndexVault", fund.addresses[contract])).interface;
}

function changingFunctions(abi: Interface): FunctionFragment[] {
  const found: FunctionFragment[] = [];
  abi.forEachFunction((fragment) => {
    if (!fragment.constant) found.push(fragment);
  });
  return found;
}

/** Zero, nothing or an empty list; as many zeros as a list of fixed length needs. */
function emptyOf(type: ParamType): unknown {
  if (type.isArray()) {
    return Array.from({ length: Math.max(0, type.arrayLength) }, () => emptyOf(type.arrayChildren));
  }
  if (type.components !== null) return type.components.map(emptyOf);
  if (type.type === "bytes") return "0x";
  if (type.type.startsWith("bytes")) return `0x${"00".repeat(Number(type.type.slice(5)))}`;
  if (type.type === "string") return "";
  if (type.type === "address") return `0x${"00".repeat(20)}`;
  return type.type === "bool" ? false : 0n;
}

/** What the caller is told when it calls the function, or nothing when it is not refused by an error with a name. */
async function refusalOf(
  fixture: Fixture,
  call: { readonly from: string; readonly to: string; readonly data: string },
  abi: Interface,
): Promise<Refusal | undefined> {
  try {
    await fixture.ethers.provider.call({ ...call, gasLimit: 10_000_000 });
    return undefined;
  } catch (error) {
    const data = (error as { readonly data?: unknown }).data;
    if (typeof data !== "string" || data.length < 10) return undefined;
    // What a library of the vault asks for by role, it refuses with the rebalancer's error.
    const parsed = abi.parseError(data) ?? fixture.rebalancer.interface.parseError(data);
    return parsed === null ? undefined : { name: parsed.name, args: [...parsed.args] };
  }
}

async function callAs(fixture: Fixture, contract: Gated, what: { name: string; gate: Gate; caller: Caller }) {
  const abi = await interfaceOf(fixture, contract);
  const fragment = abi.getFunction(what.name);
  if (fragment === null) throw new TypeError(`${contract} has no ${what.name}`);
  const given = what.gate.kind === "gated" ? what.gate.args : undefined;
  const args = given === undefined ? fragment.inputs.map(emptyOf) : given(fixture);
  const [from, to] = [addressOf(fixture, what.caller), fixture.fund.addresses[contract]];
  return { from, refusal: await refusalOf(fixture, { from, to, data: abi.encodeFunctionData(fragment, args) }, abi) };
}

describe("Powers: every function that changes something", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1000n * USDC), openFixture);

  it("belongs to a contract whose gates are stated in support/gates.ts", function () {
    const stated = [...Object.keys(GATES), ...WITHOUT_GATES];

    expect(stated.toSorted()).to.deep.equal(Object.keys(get().fund.addresses).toSorted());
  });

  for (const contract of Object.keys(GATES) as Gated[]) {
    describe(`of the ${contract}`, function () {
      it("is stated in support/gates.ts: add who may call a new one, and why", async function () {
        const abi = await interfaceOf(get(), contract);

        const found = changingFunctions(abi).map((fragment) => fragment.format("sighash"));

        expect(Object.keys(GATES[contract]).toSorted()).to.deep.equal(found.toSorted());
      });

      for (const [name, gate] of Object.entries(GATES[contract])) {
        if (gate.kind === "anyone") continue;
        const words = name.slice(0, name.indexOf("("));

        it(`refuses ${words} to all but ${gate.by.length === 0 ? "nobody" : gate.by.join(", ")}`, async function () {
          const fixture = get();
          for (const caller of [...PEOPLE, ...CONTRACTS]) {
            if (gate.by.includes(caller)) continue;

            const { from, refusal } = await callAs(fixture, contract, { name, gate, caller });

            const told = gate.told?.(from, fixture) ?? [from];
            expect(refusal, `${words} as ${caller}`).to.deep.equal({ name: gate.error, args: told });
          }
        });

        for (const caller of gate.by) {
          it(`lets the ${caller} through to ${words}`, async function () {
            const { refusal } = await callAs(get(), contract, { name, gate, caller });

            expect(refusal?.name).to.not.equal(gate.error);
          });
        }
      }
    });
  }

  it("of a library refuses a call from outside", async function () {
    const { ethers, fund, usdc, people } = get();
    const data = `${ethers.id("requirePlain(address)").slice(0, 10)}${(await usdc.getAddress()).slice(2).padStart(64, "0")}`;

    await expect(
      people.owner.sendTransaction({ to: fund.addresses.libraries["TokenProbe"] ?? null, data, gasLimit: 1_000_000 }),
    ).to.be.revertedWithoutReason(ethers);
  });

  it("of the lens is none", function () {
    const { lens } = get();

    expect(changingFunctions(lens.interface)).to.deep.equal([]);
  });
});
