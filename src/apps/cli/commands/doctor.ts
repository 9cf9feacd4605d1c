// Turns what is configured into what is fit to run and what is not, and a lost journal into one rebuilt from the chain.
import { type Command, Option } from "commander";
import type { Address } from "viem";

import { loadKeeperSettings } from "../../../config/load.ts";
import { AppError } from "../../../core/errors.ts";
import type { Fund } from "../../../execute/contracts.ts";
import {
  type Finding,
  UnfitError,
  checkApart,
  checkClock,
  checkJournal,
  checkMoney,
  checkNodes,
  checkRole,
  failedCheck,
} from "../../../keeper/doctor.ts";
import { diaryOf, keyJournalOf } from "../../../keeper/journal-names.ts";
import { JournalInUseError, handClock, moveAside, readDone, writeRebuilt } from "../../../keeper/rebuild.ts";
import { keeperRulesSchema } from "../../../keeper/rules.ts";
import { JournalMissingError } from "../../../keeper/store/errors.ts";
import { openStore, readStore } from "../../../keeper/store/open.ts";
import type { KeeperStore } from "../../../keeper/store/store.ts";
import { type KeeperOptions, SYSTEM_CLOCK, addJournalOptions, storePlaceOf } from "../keeper-options.ts";
import { clocksOf, targetSignerOf } from "../keeper-setup.ts";
import { withNodes } from "../nodes-access.ts";
import { isSignerNamed, signerOf } from "../signer.ts";
import { formatTable, printJson, printText } from "../output.ts";

type DoctorOptions = KeeperOptions & { readonly rebuild: boolean };

/** Adds `doctor` to the program. */
export function registerDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("what is configured and what is wrong: chain, keys, roles, journal, alarms; sends nothing")
    .addOption(new Option("--rebuild", "move the journal aside and write a new one from the chain").default(false));
  addJournalOptions(command).action((options: DoctorOptions) =>
    options.rebuild ? rebuild(options) : examine(options),
  );
}

async function examine(options: DoctorOptions): Promise<void> {
  const findings = await findingsOf(options);
  if (options.json) printJson({ findings });
  else {
    printText(
      formatTable(
        [
          { header: "what", align: "left" },
          { header: "state", align: "left" },
          { header: "found", align: "left" },
        ],
        findings.map(({ what, state, found }) => [what, state, found]),
      ),
    );
  }
  if (findings.some(({ state }) => state === "fail")) throw new UnfitError(findings);
}

async function findingsOf(options: DoctorOptions): Promise<Finding[]> {
  const alarms = alarmsFinding();
  try {
    return await withNodes(options, async (fund, progress, { health }) => {
      const found = [...(await findingsOfFund(options, fund)), ...(await journalFindings(options, fund))];
      const nodes = checkNodes(health(), await clocksOf(fund).agenda.now());
      progress.done();
      return [...found, ...nodes, alarms];
    });
  } catch (error) {
    return [failedCheck("chain", error), alarms];
  }
}

async function findingsOfFund(options: DoctorOptions, fund: Fund): Promise<Finding[]> {
  const { chainId, addresses } = fund.deployment;
  const keeper = await addressOf(options, chainId);
  const signer = targetSignerOf(chainId, loadKeeperSettings())?.address;
  const now = await clocksOf(fund).agenda.now();
  return [
    { what: "chain", state: "ok", found: `chain ${chainId}, vault ${addresses.vault}` },
    await checkClock(fund, now, keeperRulesSchema.parse({})),
    await checkRole(fund, "keeper", keeper),
    ...(keeper === undefined ? [] : [await checkMoney(fund, keeper)]),
    await checkRole(fund, "signer", signer),
    ...checkApart(keeper, signer),
  ];
}

async function journalFindings(options: DoctorOptions, fund: Fund): Promise<Finding[]> {
  let store: KeeperStore | undefined;
  try {
    store = await readStore(storePlaceOf(options));
    return await checkJournal(store, await journalNames(options, fund));
  } catch (error) {
    if (!(error instanceof JournalMissingError)) return [failedCheck("journal", error)];
    return [{ what: "journal", state: "ok", found: `none yet at ${error.place}` }];
  } finally {
    await store?.close();
  }
}

async function journalNames(options: DoctorOptions, { deployment }: Fund): Promise<string[]> {
  const address = await addressOf(options, deployment.chainId);
  return [diaryOf(deployment), ...(address === undefined ? [] : [keyJournalOf(deployment, address)])];
}

function alarmsFinding(): Finding {
  const { webhookUrl, telegram, heartbeatUrl } = loadKeeperSettings();
  const ports = [...(webhookUrl === undefined ? [] : ["webhook"]), ...(telegram === undefined ? [] : ["Telegram"])];
  const missing = [
    ...(ports.length === 0 ? ["nobody is told of trouble: set TM100_WEBHOOK_URL or TM100_TELEGRAM_TOKEN"] : []),
    ...(heartbeatUrl === undefined ? ["nobody notices silence: set TM100_HEARTBEAT_URL"] : []),
  ];
  if (missing.length > 0) return { what: "alarms", state: "warn", found: missing.join("; ") };
  return { what: "alarms", state: "ok", found: `${ports.join(" and ")}, and a heartbeat` };
}

/** The address of the key that is named or set; undefined without one. */
async function addressOf(options: DoctorOptions, chainId: number): Promise<Address | undefined> {
  return isSignerNamed(options) ? (await signerOf(options, chainId)).address : undefined;
}

async function rebuild(options: DoctorOptions): Promise<void> {
  await withNodes(options, async (fund, progress) => {
    const key = await addressOf(options, fund.deployment.chainId);
    const { diary, sent } = await readDone(fund, key);
    await requireIdle(options, fund);
    const place = storePlaceOf(options);
    const aside = place.databaseUrl === undefined ? moveAside(place.file, new Date(SYSTEM_CLOCK.now())) : undefined;
    const clock = handClock();
    const store = await openStore(storePlaceOf(options, clock));
    try {
      await writeRebuilt(store.journal(diaryOf(fund.deployment)), diary, clock);
      if (key !== undefined) await writeRebuilt(store.journal(keyJournalOf(fund.deployment, key)), sent, clock);
    } finally {
      await store.close();
    }
    progress.done();
    if (options.json) printJson({ journal: store.place, aside: aside ?? null, lines: diary.length, sent: sent.length });
    else {
      const before = aside === undefined ? "There was none before." : `The old one is at ${aside}.`;
      printText(`Rebuilt ${store.place} from the chain: ${diary.length} tasks, ${sent.length} transactions. ${before}`);
    }
  });
}

/** A keeper that acts would go on writing to what is moved; in a database nothing is moved at all. */
async function requireIdle(options: DoctorOptions, fund: Fund): Promise<void> {
  let store: KeeperStore | undefined;
  try {
    store = await readStore(storePlaceOf(options));
    const lease = await store.lease.current();
    if (lease !== undefined && lease.until > SYSTEM_CLOCK.now()) {
      throw new JournalInUseError(store.place, `${lease.holder} acts by it: stop that keeper first`);
    }
    const isShared = loadKeeperSettings().databaseUrl !== undefined;
    if (isShared && (await store.journal(diaryOf(fund.deployment)).entries({ limit: 1 })).length > 0) {
      throw new JournalInUseError(store.place, "it holds lines, and a database is not moved: name another --schema");
    }
  } catch (error) {
    // A journal that is missing or cannot be read is what a rebuild is for.
    if (error instanceof JournalInUseError || !(error instanceof AppError)) throw error;
  } finally {
    await store?.close();
  }
}
