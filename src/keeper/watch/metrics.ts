// Turns the keeper's state into figures for Prometheus.
import { Counter, Gauge, Registry } from "prom-client";

import type { EndpointHealth } from "../../execute/endpoint.ts";
import type { Cycle } from "../keeper.ts";
import { type GasMoney, plansLeft } from "./troubles.ts";

/** The keeper's figures. */
export interface KeeperMetrics {
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
  cycle(cycle: Cycle, money: GasMoney | undefined): void;
  failedCycle(code: string): void;
  role(isActing: boolean): void;
}

/** Figures of one keeper, in a registry of its own. @param nodes How the nodes do when the figures are asked for. */
export function createMetrics(nodes: () => readonly EndpointHealth[] = () => []): KeeperMetrics {
  const registry = new Registry();
  addNodes(registry, nodes);
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name: `tm100_keeper_${name}`, help, registers: [registry] });
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name: `tm100_keeper_${name}`, help, labelNames, registers: [registry] });
  const gauges = {
    acting: gauge("acting", "1 while this keeper holds the lease"),
    paused: gauge("paused", "1 while the keepers are paused"),
    finished: gauge("last_cycle_seconds", "when the last cycle ended, by its clock, in seconds since 1970"),
    due: gauge("due", "things that are due after the last cycle"),
    block: gauge("block", "newest block that was looked at"),
    bull: gauge("bull", "1 while the fund is in the market"),
    balance: gauge("balance_ether", "what the keeper's key holds"),
    plans: gauge("plans_left", "rebalances that the key can still pay"),
  };
  const cycles = counter("cycles_total", "cycles by how they ended", ["result"]);
  const deeds = counter("deeds_total", "things done, by kind and result", ["kind", "result"]);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    role: (isActing) => {
      gauges.acting.set(isActing ? 1 : 0);
    },
    failedCycle: (code) => {
      cycles.inc({ result: code });
    },
    cycle: ({ view, deeds: done }, money) => {
      cycles.inc({ result: "ok" });
      for (const { due, failure } of done) deeds.inc({ kind: due.kind, result: failure?.code ?? "ok" });
      gauges.paused.set(view.pause === undefined ? 0 : 1);
      gauges.finished.set(view.now);
      gauges.due.set(view.due.length);
      gauges.block.set(Number(view.chain.block));
      gauges.bull.set(view.chain.regime === "bull" ? 1 : 0);
      if (money === undefined) return;
      gauges.balance.set(Number(money.balance) / 1e18);
      gauges.plans.set(plansLeft(money));
    },
  };
}

/** What is read of each node when somebody asks for the figures; a node is named by its origin. */
function addNodes(registry: Registry, nodes: () => readonly EndpointHealth[]): void {
  const gauge = (name: string, help: string, valueOf: (node: EndpointHealth) => number | undefined): void => {
    const figures = new Gauge({
      ...{ name: `tm100_keeper_node_${name}`, help, labelNames: ["node"], registers: [registry] },
      collect: () => {
        for (const node of nodes()) {
          const value = valueOf(node);
          if (value !== undefined) figures.set({ node: node.origin }, value);
        }
      },
    });
  };
  gauge("well", "1 while the node is used, 0 while it is left alone", ({ isResting }) => (isResting ? 0 : 1));
  gauge("asked", "requests to the node since this process began", ({ asked }) => asked);
  gauge("failed", "times that the node gave no usable answer", ({ failed }) => failed);
  gauge("disagreed", "times that enough others said something else", ({ disagreed }) => disagreed);
  gauge("head_block", "newest block of the node", ({ head }) => (head === undefined ? undefined : Number(head.number)));
  gauge("head_seconds", "time of that block, in seconds since 1970", ({ head }) => head?.at);
}
