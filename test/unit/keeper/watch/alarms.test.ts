// Tests of src/keeper/watch/alarms.ts against a server of this machine.
import { expect } from "chai";

import {
  type Alarm,
  AlarmNotSentError,
  type AlarmPort,
  alarmsTo,
  sendHeartbeat,
  telegramPort,
  webhookPort,
} from "../../../../src/keeper/watch/alarms.ts";
import { type Answer, type AnswerServer, answerServer } from "../../../answer-server.ts";
import { failureOf } from "../../../failure-of.ts";

const ALARM: Alarm = { key: "gas", severity: "warning", text: "little gas" };
const HOUR = 3_600_000;

describe("alarms", function () {
  let server: AnswerServer;
  const serve = async (answers: Readonly<Record<string, readonly Answer[]>>): Promise<void> => {
    server = await answerServer(answers);
  };
  afterEach(() => server.close());

  it("are posted to a webhook", async function () {
    await serve({ "/hook": [{ body: {} }] });

    await webhookPort(`${server.url}/hook`, "chain 1").send(ALARM);

    expect(server.asked[0]?.headers["content-type"]).to.equal("application/json");
    expect(JSON.parse(server.asked[0]?.body ?? "")).to.deep.equal({ fund: "chain 1", ...ALARM });
  });

  it("are tried three times", async function () {
    await serve({ "/hook": [{ status: 500, body: {} }, { status: 502, body: {} }, { body: {} }] });

    await webhookPort(`${server.url}/hook`, "chain 1").send(ALARM);

    expect(server.asked).to.have.lengthOf(3);
  });

  it("that nobody takes are an error without the address, which may be a secret", async function () {
    await serve({ "/hook/s3cret": [{ status: 403, body: {} }] });

    const failure = await failureOf(webhookPort(`${server.url}/hook/s3cret`, "chain 1").send(ALARM));

    expect(failure).to.be.instanceOf(AlarmNotSentError);
    expect(failure.message).to.contain("webhook").and.contain("403").and.not.contain("s3cret");
  });

  it("are sent to a Telegram chat by the bot of the token", async function () {
    await serve({ "/botT0KEN/sendMessage": [{ body: { ok: true } }] });

    await telegramPort({ token: "T0KEN", chat: "-42", baseUrl: server.url }, "chain 1").send(ALARM);

    expect(JSON.parse(server.asked[0]?.body ?? "")).to.deep.equal({
      chat_id: "-42",
      text: "WARNING chain 1: little gas",
    });
  });

  it("that Telegram takes without an ok are not sent", async function () {
    await serve({ "/botT0KEN/sendMessage": [{ body: { ok: false } }] });

    const failure = await failureOf(telegramPort({ token: "T0KEN", chat: "1", baseUrl: server.url }, "f").send(ALARM));

    expect(failure.message).to.contain("without ok").and.not.contain("T0KEN");
  });

  it("name a place that cannot be reached without its address", async function () {
    await serve({});

    const failure = await failureOf(webhookPort("http://127.0.0.1:1/s3cret", "f").send(ALARM));

    expect(failure.message).to.contain("could not be reached").and.not.contain("s3cret");
  });

  it("have a heartbeat that asks an address, and tells when it is not heard", async function () {
    await serve({ "/beat": [{ body: {} }, { status: 404, body: {} }] });

    await sendHeartbeat(`${server.url}/beat`);

    expect((await failureOf(sendHeartbeat(`${server.url}/beat`))).code).to.equal("ALARM_NOT_SENT");
  });
});

describe("alarmsTo", function () {
  const clock = { time: 0, now: (): number => clock.time };
  const portOf = (sent: Alarm[], fails = false): AlarmPort => ({
    name: "port",
    send: (alarm) => {
      if (fails) return Promise.reject(new AlarmNotSentError("port", "it answered 500"));
      sent.push(alarm);
      return Promise.resolve();
    },
  });

  it("tells the same trouble once, and again after six hours", async function () {
    const sent: Alarm[] = [];
    const alarms = alarmsTo([portOf(sent)], clock, () => {});
    for (const time of [0, HOUR, 6 * HOUR - 1, 6 * HOUR]) {
      clock.time = time;
      await alarms.raise(ALARM);
    }

    expect(sent).to.have.lengthOf(2);
  });

  it("tells it at once when it comes back after it was over", async function () {
    const sent: Alarm[] = [];
    const alarms = alarmsTo([portOf(sent)], clock, () => {});
    await alarms.raise(ALARM);
    alarms.clear("gas");
    await alarms.raise(ALARM);

    expect(sent).to.have.lengthOf(2);
  });

  it("tells every place, whatever another answers", async function () {
    const sent: Alarm[] = [];
    const lost: unknown[] = [];
    await alarmsTo([portOf([], true), portOf(sent)], clock, (error) => lost.push(error)).raise(ALARM);

    expect([sent.length, lost.length]).to.deep.equal([1, 1]);
  });

  it("tries again with the next cycle when no place took it", async function () {
    const lost: unknown[] = [];
    const alarms = alarmsTo([portOf([], true)], clock, (error) => lost.push(error));
    await alarms.raise(ALARM);
    await alarms.raise(ALARM);

    expect(lost).to.have.lengthOf(2);
  });
});
