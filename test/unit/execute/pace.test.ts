import { expect } from "chai";
import { HttpRequestError, RpcRequestError } from "viem";

import { Pace } from "../../../src/execute/pace.ts";
import { failureOf } from "../../failure-of.ts";

const url = "http://node";
const tooOften = (retryAfter: string) =>
  new HttpRequestError({ url, status: 429, headers: new Headers({ "Retry-After": retryAfter }) });

describe("Pace", function () {
  /** Asks a hundred questions; the first so many answers are refusals. */
  const askMany = async (refusals: number) => {
    const pace = new Pace();
    let [open, most, left, asked] = [0, 0, refusals, 0];
    const question = async (): Promise<number> => {
      asked++;
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      if (left-- > 0) throw tooOften("0");
      return 1;
    };
    const answers = await Promise.all(Array.from({ length: 100 }, () => pace.ask(question)));
    return { answers: answers.length, most, asked };
  };

  it("has no more than twenty questions open", async function () {
    expect(await askMany(0)).to.deep.equal({ answers: 100, most: 20, asked: 100 });
  });

  it("asks again what was put off, and nothing else", async function () {
    expect(await askMany(3)).to.deep.include({ answers: 100, asked: 103 });
  });

  it("throws at once what is no matter of the rate, and a wait that nobody waits for", async function () {
    const other = new RpcRequestError({ body: {}, error: { code: -32000, message: "no such block" }, url });
    for (const error of [other, tooOften("86400")]) {
      let asked = 0;
      const thrown = await failureOf(
        new Pace().ask(() => {
          asked++;
          return Promise.reject(error);
        }),
      );

      expect([thrown, asked]).to.deep.equal([error, 1]);
    }
  });
});
