// Turns the Monday of a decision into the file that it was taken from.
import type { FastifyInstance } from "fastify";

import { SNAPSHOT } from "../../site/endpoints.ts";
import { textOfFile } from "../../site/market/snapshot-file.ts";
import type { Site } from "../../site/site.ts";
import { snapshotOfWeek } from "../../site/views/decisions.ts";
import { checked, isKnown } from "./asked.ts";
import type { FileSlots } from "./file-slots.ts";

/** Adds the one file that is kept compressed. Its mark is its name; a better one may take its place on better data. */
export function addSnapshot(app: FastifyInstance, site: Pick<Site, "state">, slots: FileSlots): void {
  app.get(SNAPSHOT.path, { exposeHeadRoute: false }, (request, reply) => {
    checked(SNAPSHOT.query, request.query);
    const { week } = checked(SNAPSHOT.parameters, request.params);
    const file = snapshotOfWeek(site.state(), week);
    const etag = `"${file.digest}"`;
    // Weak, since the same text goes out with and without compression.
    reply.headers({ etag: `W/${etag}`, "cache-control": "no-cache", vary: "accept-encoding" });
    if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
    slots.take(reply);
    reply.header("content-type", "application/json; charset=utf-8");
    if (!takesGzip(request.headers["accept-encoding"])) return reply.send(textOfFile(file));
    return reply.header("content-encoding", "gzip").send(Buffer.from(file.gzip));
  });
}

/** @see RFC 9110, 12.5.3 */
function takesGzip(encodings = ""): boolean {
  return encodings.split(",").some((encoding) => {
    const [name, quality = "1"] = encoding.split(/;\s*q=/);
    return name?.trim().toLowerCase() === "gzip" && Number(quality) > 0;
  });
}
