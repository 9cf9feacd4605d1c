import { expect } from "chai";
import { network } from "hardhat";

const { ethers } = await network.create();
const [alice, bob] = (await ethers.getSigners()) as [Signer, Signer];
type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

describe("MockToken", function () {
  it("has the decimals it is given", async function () {
    const token = await ethers.deployContract("MockToken", ["Token", "TOK", 8]);

    expect(await token.decimals()).to.equal(8);
  });

  it("lets anyone mint", async function () {
    const token = await ethers.deployContract("MockToken", ["Token", "TOK", 8]);

    await token.connect(bob).mint(bob, 5);

    expect(await token.balanceOf(bob)).to.equal(5);
  });
});

describe("FreezableToken", function () {
  async function frozenToken() {
    const token = await ethers.deployContract("FreezableToken", ["Token", "TOK", 18]);
    await token.mint(alice, 5);
    await token.approve(bob, 5);
    await token.freeze();
    return token;
  }

  it("refuses a transfer while frozen", async function () {
    const token = await frozenToken();

    await expect(token.transfer(bob, 1)).to.be.revertedWithCustomError(token, "TokenFrozen").withArgs();
  });

  it("refuses a transfer by a spender while frozen", async function () {
    const token = await frozenToken();

    await expect(token.connect(bob).transferFrom(alice, bob, 1)).to.be.revertedWithCustomError(token, "TokenFrozen");
  });

  it("transfers after thawing", async function () {
    const token = await frozenToken();

    await token.thaw();
    await token.transfer(bob, 1);

    expect(await token.balanceOf(bob)).to.equal(1);
  });

  it("transfers by a spender after thawing", async function () {
    const token = await frozenToken();

    await token.thaw();
    await token.connect(bob).transferFrom(alice, bob, 2);

    expect(await token.balanceOf(bob)).to.equal(2);
  });
});

describe("NoReturnToken", function () {
  async function token() {
    const deployed = await ethers.deployContract("NoReturnToken", ["Token", "TOK", 6]);
    await deployed.mint(alice, 5);
    return deployed;
  }

  it("counts what it mints", async function () {
    expect(await (await token()).totalSupply()).to.equal(5);
  });

  it("reports a transfer", async function () {
    const noReturn = await token();

    await expect(noReturn.transfer(bob, 2)).to.emit(noReturn, "Transfer").withArgs(alice.address, bob.address, 2);
  });

  it("reports an approval", async function () {
    const noReturn = await token();

    await expect(noReturn.approve(bob, 2)).to.emit(noReturn, "Approval").withArgs(alice.address, bob.address, 2);
  });

  it("lets a spender move what was approved", async function () {
    const noReturn = await token();
    await noReturn.approve(bob, 3);

    await noReturn.connect(bob).transferFrom(alice, bob, 2);

    expect(await noReturn.allowance(alice, bob)).to.equal(1);
  });

  it("refuses more than the balance", async function () {
    const noReturn = await token();

    await expect(noReturn.transfer(bob, 6))
      .to.be.revertedWithCustomError(noReturn, "NoReturnBalanceTooLow")
      .withArgs(5, 6);
  });

  it("refuses more than the allowance", async function () {
    const noReturn = await token();
    await noReturn.approve(bob, 1);

    await expect(noReturn.connect(bob).transferFrom(alice, bob, 2))
      .to.be.revertedWithCustomError(noReturn, "NoReturnAllowanceTooLow")
      .withArgs(1, 2);
  });

  it("refuses a transfer while frozen", async function () {
    const noReturn = await token();
    await noReturn.freeze();

    await expect(noReturn.transfer(bob, 1)).to.be.revertedWithCustomError(noReturn, "NoReturnTokenFrozen").withArgs();
  });

  it("transfers after thawing", async function () {
    const noReturn = await token();
    await noReturn.freeze();

    await noReturn.thaw();
    await noReturn.transfer(bob, 1);

    expect(await noReturn.balanceOf(bob)).to.equal(1);
  });
});

describe("MockFeed", function () {
  it("reports an answer", async function () {
    const feed = await ethers.deployContract("MockFeed", ["BTC / USD", 8]);

    await expect(feed.setAnswer(123, 45)).to.emit(feed, "AnswerUpdated").withArgs(123, 1, 45);
  });

  it("keeps past rounds", async function () {
    const feed = await ethers.deployContract("MockFeed", ["BTC / USD", 8]);
    await feed.setAnswer(123, 45);
    await feed.setAnswer(124, 46);

    expect(await feed.getRoundData(1)).to.deep.equal([1n, 123n, 45n, 45n, 1n]);
  });
});

describe("MockFeedProxy", function () {
  // Round 1 of the first aggregator: 1 * 2^64 + 1.
  const FIRST_ROUND = 2n ** 64n + 1n;

  async function feedAndProxy() {
    const feed = await ethers.deployContract("MockFeed", ["BTC / USD", 8]);
    await feed.setAnswer(123, 45);
    return { feed, proxy: await ethers.deployContract("MockFeedProxy", [feed]) };
  }

  it("forwards the newest round with the number of its aggregator", async function () {
    const { proxy } = await feedAndProxy();

    expect(await proxy.latestRoundData()).to.deep.equal([FIRST_ROUND, 123n, 45n, 45n, FIRST_ROUND]);
  });

  it("forwards a past round by the number it gave", async function () {
    const { feed, proxy } = await feedAndProxy();
    await feed.setAnswer(124, 46);

    expect(await proxy.getRoundData(FIRST_ROUND)).to.deep.equal([FIRST_ROUND, 123n, 45n, 45n, FIRST_ROUND]);
  });

  it("forwards decimals, description and version", async function () {
    const { proxy } = await feedAndProxy();

    const facts = [await proxy.decimals(), await proxy.description(), await proxy.version()];

    expect(facts).to.deep.equal([8n, "BTC / USD", 6n]);
  });

  it("counts its aggregators", async function () {
    const { feed, proxy } = await feedAndProxy();

    await proxy.setAggregator(feed);

    expect(await proxy.phaseId()).to.equal(2);
  });
});

describe("FeedReporter", function () {
  it("writes to every feed", async function () {
    const feeds = [
      await ethers.deployContract("MockFeed", ["A", 8]),
      await ethers.deployContract("MockFeed", ["B", 8]),
    ];
    const reporter = await ethers.deployContract("FeedReporter");

    await reporter.report(feeds, [7, 8]);

    const answers = await Promise.all(feeds.map((feed) => feed.latestRoundData()));
    expect(answers.map((round) => round[1])).to.deep.equal([7n, 8n]);
  });

  it("refuses lists of different lengths", async function () {
    const reporter = await ethers.deployContract("FeedReporter");

    await expect(reporter.report([], [1]))
      .to.be.revertedWithCustomError(reporter, "ReportLengthsDiffer")
      .withArgs(0, 1);
  });
});

describe("Arbitrageur", function () {
  it("refuses lists of different lengths", async function () {
    const arbitrageur = await ethers.deployContract("Arbitrageur", [alice]);

    await expect(arbitrageur.moveTo([], [1]))
      .to.be.revertedWithCustomError(arbitrageur, "PriceLengthsDiffer")
      .withArgs(0, 1);
  });

  it("pays nobody but the pool it trades", async function () {
    const arbitrageur = await ethers.deployContract("Arbitrageur", [alice]);

    await expect(arbitrageur.connect(bob).uniswapV3SwapCallback(1, 0, "0x"))
      .to.be.revertedWithCustomError(arbitrageur, "UnknownPayee")
      .withArgs(bob.address);
  });
});
