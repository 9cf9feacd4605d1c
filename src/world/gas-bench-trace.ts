// Turns a mined transaction into what each group of instructions cost in it, contract by contract's depth.
import type { BenchWorld, Mined } from "./gas-bench-world.ts";

/** One executed instruction, as the node tells of it. */
type Step = { readonly op: string; readonly gas: number; readonly gasCost: number; readonly depth: number };

/** A part of a transaction's gas. */
export type Part = { readonly group: string; readonly gas: number; readonly count: number };

const GROUPS: readonly (readonly [string, RegExp])[] = [
  ["storage reads (SLOAD)", /^SLOAD$/],
  ["storage writes (SSTORE)", /^SSTORE$/],
  ["transient storage", /^T(LOAD|STORE)$/],
  ["events (LOG)", /^LOG/],
  ["calls: access and passing on", /CALL(CODE)?$|^EXTCODE|^BALANCE$/],
  ["hashes (KECCAK256)", /^KECCAK256$|^SHA3$/],
  ["memory and copies", /^M(LOAD|STORE8?|COPY)$|COPY$/],
];
const REST = "arithmetic, stack and jumps";

/** Parts of the transaction's gas before refunds, largest first; calldata and the fixed part are one of them. */
export async function breakdown({ market }: BenchWorld, { hash, gas }: Mined): Promise<Part[]> {
  const options = { disableMemory: true, disableStack: true, disableStorage: true };
  const params = [hash, options];
  const trace: unknown = await market.chain.provider.request({ method: "debug_traceTransaction", params });
  const { structLogs } = trace as { readonly structLogs: readonly Step[] };
  const sums = new Map<string, { gas: number; count: number }>();
  let traced = 0;
  for (const { op, cost } of ownCosts(structLogs)) {
    const group = GROUPS.find(([, pattern]) => pattern.test(op))?.[0] ?? REST;
    const sum = sums.get(group) ?? { gas: 0, count: 0 };
    sums.set(group, { gas: sum.gas + cost, count: sum.count + 1 });
    traced += cost;
  }
  const parts = [...sums].map(([group, sum]) => ({ group, ...sum }));
  const outside = { group: "transaction and calldata, less refunds", gas: Number(gas) - traced, count: 1 };
  return [...parts, outside].toSorted((a, b) => b.gas - a.gas);
}

/** What each instruction cost by itself: a call without what was spent inside. */
function* ownCosts(steps: readonly Step[]): Generator<{ readonly op: string; readonly cost: number }> {
  const calls: { readonly op: string; readonly gas: number; readonly given: number; end: number }[] = [];
  for (const [i, step] of steps.entries()) {
    const next = steps[i + 1];
    if (next !== undefined && next.depth > step.depth) {
      calls.push({ op: step.op, gas: step.gas, given: next.gas, end: 0 });
      continue;
    }
    const isEnd = next === undefined || next.depth < step.depth;
    // Within a frame the difference says it exactly; a frame's last instruction has only its stated cost.
    yield { op: step.op, cost: isEnd ? step.gasCost : step.gas - next.gas };
    for (let depth = step.depth; next !== undefined && depth > next.depth; depth--) {
      const call = calls.pop();
      if (call === undefined) break;
      const left = step.gas - step.gasCost;
      yield { op: call.op, cost: call.gas - next.gas - (call.given - left) };
    }
  }
}
