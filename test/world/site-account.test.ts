// Tests of an account's answer when the index is ahead of the rest: all of it is of one block.
import { expect } from "chai";
import { createPublicClient, custom, erc20Abi } from "viem";

import { decimalString } from "../../src/core/units.ts";
import { Site } from "../../src/site/site.ts";
import { accountAnswer } from "../../src/site/views/account.ts";
import { senderOf } from "../../src/world/week.ts";
import { useServedFund } from "./served-fund.ts";

describe("answer of an account", function () {
  const { served } = useServedFund();

  it("is of the block at which the index ends, also when the fund could not be read there", async function () {
    const { world } = served();
    const { chain } = world.market;
    const deployment = world.fund.deployment();
    let isLensSilent = false;
    const request: typeof chain.provider.request = async (asked) => {
      const [call] = (asked.params ?? []) as readonly { readonly to?: string }[];
      if (isLensSilent && call?.to?.toLowerCase() === deployment.addresses.lens.toLowerCase()) {
        throw new Error("the lens is silent");
      }
      return (await chain.provider.request(asked)) as unknown;
    };
    const client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 });
    const site = new Site({ fund: { client, deployment }, file: ":memory:", data: "simulated", clock: () => 0 });
    try {
      await site.refresh();
      const { publicClient, accounts } = chain;
      const [alice, bob] = [accounts.alice.address, accounts.bob.address];
      const shares = { address: deployment.addresses.vault, abi: erc20Abi };
      const { wallet } = senderOf(world, "alice");
      const hash = await wallet.writeContract({ ...shares, functionName: "transfer", args: [bob, 10n ** 18n] });
      const { blockNumber } = await publicClient.waitForTransactionReceipt({ hash });
      isLensSilent = true;
      await site.refresh();
      isLensSilent = false;
      const { block, account, history, position } = await accountAnswer(site.state(), alice);

      const left = await publicClient.readContract({ ...shares, functionName: "balanceOf", args: [alice] });
      expect(site.state().troubles).to.have.length(1);
      expect(site.state().picture?.fund.block).to.equal(blockNumber - 1n);
      expect([block, account.shares]).to.deep.equal([Number(blockNumber), decimalString(left, 18)]);
      expect([history.at(-1)?.event, position.otherWays]).to.deep.equal(["Transfer", true]);
    } finally {
      await site.close();
    }
  });
});
