// Tests of every parameter's bounds, of pages and searches, and of the API's own description.
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect } from "chai";

import { exampleOf, openApi } from "../../src/apps/server/openapi.ts";
import { SNAPSHOT_EXAMPLE } from "../../src/apps/server/snapshot-example.ts";
import { publishedSchema } from "../../src/engine/published-schema.ts";
import { replayPublished } from "../../src/engine/published.ts";
import { FILES, VIEWS } from "../../src/site/endpoints.ts";
import { type Document, useServedFund } from "./served-fund.ts";
import { type ServedSite, serveTestSite } from "./served-site.ts";

describe("questions to the site", function () {
  const fund = useServedFund();
  let site: ServedSite;

  before(async function () {
    site = await serveTestSite(fund.served(), { isMarketAwaited: false });
  });

  after(async function () {
    await site.close();
  });

  describe("parameters", function () {
    const zeros = "0".repeat(39);
    const refused: readonly string[] = [
      ...[
        "/api/legs?limit=0",
        "/api/legs?limit=501",
        "/api/legs?limit=-1",
        "/api/legs?limit=1.5",
        "/api/legs?limit=1e3",
      ],
      ...[
        "/api/legs?limit=10&limit=20",
        "/api/legs?cursor=9999999999999",
        "/api/legs?cursor=x",
        "/api/legs?offset=-1",
        "/api/legs.csv?offset=1",
        "/api/legs?rebalance=-8",
      ],
      ...["/api/legs?outcome=maybe", "/api/legs?regime=sideways", "/api/legs?order=random", "/api/legs?unknown=1"],
      ...["/api/legs?coin=", `/api/legs?coin=${"a".repeat(65)}`, "/api/legs?coin=a%20b", "/api/legs?coin=%27--"],
      ...["/api/legs?search=", `/api/legs?search=${"a".repeat(65)}`, "/api/legs?transaction=0x12"],
      ...["/api/legs?from=2021-02-30", "/api/legs?from=yesterday", "/api/legs?to=2021-9-1"],
      ...["/api/legs.csv?limit=10", "/api/legs.csv?from=never"],
      ...[
        "/api/rebalances?limit=1001",
        "/api/rebalances?before=-1",
        "/api/rebalances?regime=x",
        "/api/rebalances?to=x",
      ],
      ...["/api/ledger?from=0", "/api/ledger?limit=5001", "/api/ledger?from=1.5", "/api/decisions?limit=1001"],
      ...[
        "/api/decisions?before=x",
        "/api/decisions/2021-02-30",
        "/api/decisions/2696",
        "/api/now?x=1",
        "/api/health?a",
      ],
      ...[`/api/account/0x${zeros}`, `/api/account/0x${zeros}00`, "/api/account/alice", `/api/account/0x${zeros}g`],
      ...[`/api/transactions/0x${"1".repeat(63)}`, `/api/transactions/0x${"G".repeat(64)}`],
      ...["/api/ledger.jsonl?x=1", "/api/holdings.csv?x=1", `/api/account/0x${zeros}/history.csv`],
    ];
    for (const path of refused) {
      it(`refuses ${path.length > 60 ? `${path.slice(0, 60)}…` : path}`, async function () {
        const { status, json } = await site.get(path);

        expect([status, json()["error"]]).to.deep.equal([400, "BAD_PARAMETER"]);
      });
    }

    it("refuses a part of a path that is too long, and a head that is too large", async function () {
      expect((await site.get(`/api/account/${"a".repeat(101)}`)).status).to.equal(414);
      expect((await site.get(`/api/legs?search=${"a".repeat(9000)}`)).status).to.equal(431);
    });

    it("gives signs of a pattern no meaning in a search", async function () {
      for (const sign of ["%", "_", "\\", "'", '"', "<script>"]) {
        const { status, json } = await site.get(`/api/legs?search=${encodeURIComponent(sign)}`);

        expect([status, json()["total"]], sign).to.deep.equal([200, 0]);
      }
    });

    it("takes a search in capitals and small letters", async function () {
      const totals = await Promise.all(
        ["BTC", "btc", "Bitcoin"].map(async (word) => (await site.get(`/api/legs?search=${word}`)).json()["total"]),
      );

      expect(new Set(totals).size).to.equal(1);
      expect(totals[0]).to.be.greaterThan(0);
    });

    it("pages legs without a gap or a repetition, both ways", async function () {
      for (const order of ["newest", "oldest"]) {
        const all = (await site.get(`/api/legs?order=${order}`)).json() as { legs: Document[]; total: number };
        const seen: unknown[] = [];
        let next: number | null | undefined = undefined;
        do {
          const cursor: string = next === undefined ? "" : `&cursor=${next}`;
          const page = (await site.get(`/api/legs?limit=3&order=${order}${cursor}`)).json() as {
            legs: Document[];
            next: number | null;
          };
          seen.push(...page.legs);
          ({ next } = page);
        } while (next !== null);

        expect(seen).to.deep.equal(all.legs);
        expect(seen.length).to.equal(all.total);
      }
    });

    it("passes over legs before the first, from an end or a cursor, with filters and beyond the last", async function () {
      const legsOf = async (question: string): Promise<unknown[]> => {
        return ((await site.get(`/api/legs?${question}`)).json() as { legs: Document[] }).legs;
      };
      for (const question of ["order=newest", "order=oldest", "search=btc&order=oldest"]) {
        const all = await legsOf(question);

        expect(await legsOf(`${question}&limit=2&offset=1`), question).to.deep.equal(all.slice(1, 3));
        expect(await legsOf(`${question}&offset=${all.length}`), question).to.deep.equal([]);
      }
      const [first, second, third] = (await legsOf("order=oldest")) as { sequence: number }[];
      const after = await legsOf(`order=oldest&cursor=${first?.sequence ?? 0}&offset=1&limit=1`);
      expect([second === undefined, after]).to.deep.equal([false, [third]]);
    });
  });

  describe("description", function () {
    it("is valid OpenAPI", async function () {
      const { json } = await site.get("/api/openapi.json");

      expect((await new Validator().validate(json())).errors).to.equal(undefined);
    });

    it("names every view and file", function () {
      const { paths } = openApi() as { paths: Document };

      const wanted = [...Object.values(VIEWS), ...Object.values(FILES)].map(({ path }) =>
        path.replace(/:(\w+)/g, "{$1}"),
      );
      expect(Object.keys(paths)).to.include.members([...wanted, "/api/events", "/api/openapi.json"]);
    });

    it("has an example of a snapshot that its schema allows, and that can be replayed", function () {
      const { paths } = openApi() as { paths: Document };

      expect(JSON.stringify(paths["/api/decisions/{week}/snapshot"])).to.include(JSON.stringify(SNAPSHOT_EXAMPLE));
      expect(replayPublished(publishedSchema.parse(SNAPSHOT_EXAMPLE)).date).to.equal(SNAPSHOT_EXAMPLE.snapshot.date);
    });

    for (const [name, view] of Object.entries(VIEWS)) {
      it(`has an example of ${name} that its schema allows`, function () {
        const { paths } = openApi() as {
          paths: Record<string, { get: { responses: { 200: { content: Document } } } }>;
        };
        const path = view.path.replace(/:(\w+)/g, "{$1}");
        const { example, schema } = paths[path]?.get.responses[200].content["application/json"] as {
          example: unknown;
          schema: Document;
        };

        expect(view.answer.safeParse(example).error?.issues).to.equal(undefined);
        expect(exampleOf(schema)).to.deep.equal(example);
      });
    }
  });
});
