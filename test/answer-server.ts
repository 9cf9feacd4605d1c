// Turns a list of answers into a server of this machine that gives them one after another.
import { type IncomingMessage, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer; `cut` closes the connection in the middle of the body. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly cut?: boolean;
};

/** What was asked, and when. */
export type Asked = {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly at: number;
  /** What was sent along; empty until it is all here. */
  body: string;
};

/** A server that gives the answers of `answersOf(path)` in turn, the last one again and again. */
export type AnswerServer = {
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly close: () => Promise<void>;
};

/** Starts a server; a path without answers is a failure of the test and gets status 404. */
export async function answerServer(answers: Readonly<Record<string, readonly Answer[]>>): Promise<AnswerServer> {
  const asked: Asked[] = [];
  const given = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const { pathname: path, searchParams: query } = url;
    const one: Asked = { path, query, headers: request.headers, at: performance.now(), body: "" };
    asked.push(one);
    request.on("data", (part: Buffer) => (one.body += part.toString()));
    // Answered once all that was sent is here, so that a test can look at it.
    request.on("end", () => {
      const list = answers[url.pathname] ?? [{ status: 404, body: { error: `no answer for ${url.pathname}` } }];
      const turn = given.get(url.pathname) ?? 0;
      given.set(url.pathname, turn + 1);
      const { status = 200, headers = {}, body, cut = false } = list[Math.min(turn, list.length - 1)] as Answer;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      response.writeHead(status, {
        "content-type": "application/json",
        ...headers,
        ...(cut ? { "content-length": String(text.length + 100) } : {}),
      });
      response.write(text);
      if (cut) setImmediate(() => response.destroy());
      else response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
