import { expect } from "chai";
import type { Page, Route } from "playwright-core";

import { canonicalJson } from "../../src/core/canonical-json.ts";
import { type Decision, decisionHash } from "../../src/engine/decision.ts";
import type { PublishedFile } from "../../src/engine/published-schema.ts";
import { digestOf } from "../../src/engine/published.ts";
import { useDemoPage } from "./demo-page.ts";
import { nameNode, openView, remember, siteOf } from "./support.ts";

type Body = Readonly<Record<string, unknown>>;
type Line = { readonly sequence: number; readonly head: string; readonly args: Readonly<Record<string, string>> };

describe("the page and a server that cannot be trusted", function () {
  const { demo, visit, linesOf } = useDemoPage();

  /** Types the node's address into the form of the proof, and proves. */
  async function proveIt(page: Page): Promise<void> {
    await nameNode(page, demo().rpc);
    await page.getByRole("button", { name: "Prove it" }).click();
  }

  /** Lets the server lie: its answer is changed on the way to the browser. */
  async function lie(page: Page, path: string, change: (body: Body) => Body): Promise<void> {
    await page.route(`**${path}*`, async (route: Route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change((await response.json()) as Body) });
    });
  }

  /** The same with each line of the ledger. */
  async function lieAboutLines(page: Page, change: (line: Line) => Line | readonly Line[]): Promise<void> {
    await lie(page, "/api/ledger", (body) => ({ ...body, lines: (body["lines"] as readonly Line[]).flatMap(change) }));
  }

  /** A replay of a week in which a coin of the index was taken for another, with the hash that it really has. */
  async function changedDecision(week: string): Promise<{ readonly decision: Body; readonly decisionHash: string }> {
    const { replayed } = (await demo().site.get(`/api/decisions/${week}`)).json() as {
      replayed: { decision: Decision };
    };
    const [largest, ...others] = replayed.decision.index;
    if (largest === undefined) throw new TypeError("the demo's index has coins");
    const decision: Decision = { ...replayed.decision, index: [{ ...largest, coinId: "another-coin" }, ...others] };
    return { decision: decision as unknown as Body, decisionHash: decisionHash(decision) };
  }

  async function replayNewest(page: Page): Promise<void> {
    await page
      .getByRole("button", { name: /Replay the decision of/ })
      .first()
      .click();
  }

  async function lieAboutDecision(page: Page, week: string, changed: Body): Promise<void> {
    await page.route(`**/api/decisions/${week}`, async (route: Route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as Body), ...changed } });
    });
  }

  /** The newest decision's snapshot with another close of bitcoin, and the name that it has then. */
  async function manipulatedSnapshot() {
    const decided = (await demo().site.get("/api/decisions?limit=1")).json() as { decisions: { date: string }[] };
    const week = decided.decisions[0]?.date ?? "";
    const { json } = await demo().site.get(`/api/decisions/${week}/snapshot`);
    const file = json() as unknown as PublishedFile;
    const { valuation } = file.snapshot;
    const closes = { ...valuation.closes, bitcoin: (valuation.closes["bitcoin"] ?? 0) * 1.01 };
    const text = canonicalJson({
      ...file,
      snapshot: { ...file.snapshot, valuation: { ...valuation, closes } },
    });
    return { week, text, digest: digestOf(text) };
  }

  describe("the proof", function () {
    it("holds for what the server shows, by the visitor's own node", async function () {
      const { page, foreign, faults } = await visit("transactions?tab=proof");
      await proveIt(page);
      await page.getByText(`All ${demo().lines.length} lines are there, unchanged and in their order.`).waitFor();

      const text = await page.getByRole("region", { name: "Prove the record" }).innerText();
      expect(text).to.include(demo().lines.at(-1)?.head);
      expect(text).to.include(`${demo().lines.length} lines compared, all the same`);
      expect(new Set(foreign.map((url) => new URL(url).origin))).to.deep.equal(new Set([demo().rpc]));
      expect(faults).to.deep.equal([]);
    });

    it("exposes a server that shows another amount", async function () {
      const { page } = await visit("transactions?tab=proof");
      const leg = linesOf("LegExecuted")[3];
      await lieAboutLines(page, (line) => {
        if (line.sequence !== leg?.sequence) return line;
        return { ...line, args: { ...line.args, amountBought: `${line.args["amountBought"] ?? ""}0` } };
      });
      await proveIt(page);

      await page
        .getByText(
          `Line ${leg?.sequence ?? 0}, LegExecuted, says something else on chain than this server showed: amountBought.`,
        )
        .waitFor();
    });

    it("exposes a server that leaves a line out", async function () {
      const { page } = await visit("transactions?tab=proof");
      await lieAboutLines(page, (line) => (line.sequence === 7 ? [] : line));
      await proveIt(page);

      await page.getByText("Expected line 7 of the ledger from this server, found line 8.").waitFor();
    });

    it("exposes a server that shows another head", async function () {
      const { page } = await visit("transactions?tab=proof");
      await lieAboutLines(page, (line) => (line.sequence === 10 ? { ...line, head: `0x${"11".repeat(26)}` } : line));
      await proveIt(page);

      await page.getByText(/Line 10, .* says something else on chain than this server showed: head\./).waitFor();
    });

    it("refuses a node of another kind", async function () {
      const { page } = await visit("transactions?tab=proof");
      await page.getByLabel("Address of a node that you trust").fill("ftp://node");
      await page.getByRole("button", { name: "Use it" }).click();

      await page.getByText("Expected an address such as https://node.example").waitFor();
    });

    it("replays a decision, and exposes one that was changed", async function () {
      const { page } = await visit("transactions?tab=decisions");
      const first = page.getByRole("button", { name: /Replay the decision of/ }).first();
      await first.click();
      await page.getByText("Hash of the decision").waitFor();
      expect(await page.locator(".checks .pill.bad").count()).to.equal(0);
      expect(await page.locator(".checks .pill.bull").count()).to.equal(6);

      await lie(page, "/api/decisions/", (body) => {
        const { replayed } = body as { replayed: { decision: Body } };
        return { ...body, replayed: { ...replayed, decision: { ...replayed.decision, score: 0.9 } } };
      });
      await page.reload();
      await page
        .getByRole("button", { name: /Replay the decision of/ })
        .first()
        .click();
      await page.locator(".checks .pill.bad").first().waitFor();
      expect(await page.locator(".checks li", { hasText: "Hash of the decision" }).innerText()).to.include("Differs");
    });

    it("takes a decision again from its snapshot, to the hash that the visitor's own node gives", async function () {
      const { page, context, faults } = await visit("now");
      await remember(context, siteOf(demo().world.fund.deployment()), demo().rpc);
      const scripts: string[] = [];
      page.on("request", (request) => scripts.push(request.url()));
      await page.reload();
      await openView(page, demo().site.url, "transactions?tab=decisions");
      const isAsked = (): boolean => scripts.some((url) => url.includes("replay-worker"));
      const before = isAsked();
      await replayNewest(page);
      const verdict = page.locator(".notice", { hasText: "Replayed here: same hash as on chain." });
      await verdict.waitFor();

      const published = linesOf("TargetPublished", "LevelPublished").at(-1)?.args["decisionHash"];
      expect(await verdict.innerText()).to.include(`got ${String(published)}, which stands on chain`);
      expect([before, isAsked()]).to.deep.equal([false, true]);
      expect(faults).to.deep.equal([]);
    });

    it("exposes a snapshot in which one close was changed, under its old name and under a new one", async function () {
      const { page } = await visit("transactions?tab=decisions");
      const { week, text, digest } = await manipulatedSnapshot();
      await page.route("**/api/decisions/*/snapshot", (route) => route.fulfill({ body: text }));
      await replayNewest(page);
      await page.getByText("It was altered: fetch another copy.").waitFor();

      await lieAboutDecision(page, week, { snapshot: { digest, size: text.length } });
      await page.reload();
      await replayNewest(page);
      await page.getByText("Replayed here: another decision.").waitFor();
      await page.getByText("its twin level is").waitFor();
    });

    it("says so when there is no snapshot", async function () {
      const { page } = await visit("transactions?tab=decisions");
      await lieAboutDecision(page, (await manipulatedSnapshot()).week, { snapshot: null });
      await replayNewest(page);

      await page.getByText("This server has no snapshot of this decision.").waitFor();
    });

    it("exposes a decision and a hash that were changed together, by the visitor's own node", async function () {
      const { page, context } = await visit("now");
      await remember(context, siteOf(demo().world.fund.deployment()), demo().rpc);
      const decided = (await demo().site.get("/api/decisions?limit=1")).json() as { decisions: { date: string }[] };
      const week = decided.decisions[0]?.date ?? "";
      const changed = await changedDecision(week);
      await lie(page, "/api/decisions?", (body) => {
        const [first, ...others] = (body as { decisions: Body[] }).decisions;
        return { ...body, decisions: [{ ...first, decisionHash: changed.decisionHash }, ...others] };
      });
      await lie(page, `/api/decisions/${week}`, (body) => ({ ...body, replayed: changed }));
      await page.reload();
      await openView(page, demo().site.url, "transactions?tab=decisions");
      await replayNewest(page);
      const published = String(linesOf("TargetPublished", "LevelPublished").at(-1)?.args["decisionHash"]);
      const words = `says decisionHash ${published} on chain, and this server showed ${changed.decisionHash}.`;

      // By the checks of what the server replays, and by the replay in this browser.
      await page.getByText(words).nth(1).waitFor();
      expect(await page.locator(".checks .pill").count()).to.equal(0);
    });

    it("exposes a week that is shown in the place of another", async function () {
      const { page, context } = await visit("now");
      await remember(context, siteOf(demo().world.fund.deployment()), demo().rpc);
      await lie(page, "/api/decisions?", (body) => {
        const [first, second, ...others] = (body as { decisions: Body[] }).decisions;
        return { ...body, decisions: [{ ...second, date: first?.["date"], week: first?.["week"] }, ...others] };
      });
      await page.reload();
      await openView(page, demo().site.url, "transactions?tab=decisions");
      await replayNewest(page);

      await page
        .getByText(/says week \d+ on chain, and this server showed \d+\./)
        .nth(1)
        .waitFor();
    });
  });
});
