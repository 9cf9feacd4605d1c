// Turns what happens on the site into streams of server-sent events.
import type { ServerResponse } from "node:http";

import type { Site, SiteEvent } from "../../site/site.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import { BusyError } from "./refusals.ts";

/** Streams at once; each holds a connection open. */
const MOST_STREAMS = 1000;
/** {ms} A sign of life, so that nothing in between closes a quiet stream. */
const HEARTBEAT = 15_000;
/** {byte} A reader that is so far behind is sent away; it comes back and reads anew. */
const MOST_BEHIND = 1_000_000;

/** All open streams. */
export class EventStreams {
  readonly #streams = new Set<ServerResponse>();
  readonly #leave: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(site: Pick<Site, "subscribe">) {
    this.#leave = site.subscribe((event) => {
      this.#send(textOf(event));
    });
    this.#timer = setInterval(() => {
      this.#send(": here\n\n");
    }, HEARTBEAT);
    this.#timer.unref();
  }

  /** @throws BusyError when too many are open. */
  open(response: ServerResponse): void {
    if (this.#streams.size >= MOST_STREAMS) throw new BusyError();
    response.writeHead(200, {
      ...SECURITY_HEADERS,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    response.write("retry: 3000\n\n");
    this.#streams.add(response);
    response.once("close", () => this.#streams.delete(response));
  }

  close(): void {
    this.#leave();
    clearInterval(this.#timer);
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  #send(text: string): void {
    for (const stream of this.#streams) {
      if (stream.writableLength > MOST_BEHIND) stream.destroy();
      else stream.write(text);
    }
  }
}

/** JSON has no line breaks of its own, so that no data can begin a line. */
function textOf({ name, data }: SiteEvent): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
