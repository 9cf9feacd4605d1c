// Turns the health of the nodes into plain JSON and lines for people.
import type { Json } from "../../core/canonical-json.ts";
import type { EndpointHealth } from "../../execute/endpoint.ts";

/** How each node does, as plain JSON. @param now {s} of the chain's clock. */
export function nodesJson(nodes: readonly EndpointHealth[], now: number): Json {
  return nodes.map(({ origin, fault, isResting, asked, failed, disagreed, head }) => ({
    node: origin,
    fault: fault ?? null,
    isResting,
    asked,
    failed,
    disagreed,
    head: head === undefined ? null : Number(head.number),
    headAgeSeconds: head === undefined ? null : Math.round(now - head.at),
  }));
}

/** One node in a line, without its name. @param now {s} of the chain's clock. */
export function nodeText({ fault, isResting, asked, failed, disagreed, head }: EndpointHealth, now: number): string {
  const seen = head === undefined ? "no block seen" : `block ${head.number}, ${Math.round(now - head.at)} s old`;
  const counts = `${asked} asked, ${failed} failed, ${disagreed} disagreed`;
  return [seen, counts, ...(isResting ? ["left alone for now"] : []), ...(fault === undefined ? [] : [fault])].join(
    "; ",
  );
}
