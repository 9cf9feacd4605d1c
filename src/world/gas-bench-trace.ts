// Turns mined transactions into what each group of instructions cost in them.
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

/**
 * Parts of the gas of transactions, largest first; calldata and the fixed part are one of them.
 *
 * @returns Nothing unless the world is traced: a trace takes seconds.
 */
export async function breakdown(world: BenchWorld, transactions: readonly Mined[]): Promise<Part[]> {
  if (!world.scenario.isTraced) return [];
  const sums = new Map<string, { gas: number; count: number }>();
  let traced = 0;
  for (const { hash } of transactions) {
    for (const { op, cost } of ownCosts(await stepsOf(world, hash))) {
      const group = GROUPS.find(([, pattern]) => pattern.test(op))?.[0] ?? REST;
      const sum = sums.get(group) ?? { gas: 0, count: 0 };
      sums.set(group, { gas: sum.gas + cost, count: sum.count + 1 });
      traced += cost;
    }
  }
  const parts = [...sums].map(([group, sum]) => ({ group, ...sum }));
  const paid = transactions.reduce((sum, { gas }) => sum + Number(gas), 0);
  const outside = { group: "calldata and transaction, less refunds", gas: paid - traced, count: transactions.length };
  return [...parts, outside].toSorted((a, b) => b.gas - a.gas);
}

async function stepsOf({ market }: BenchWorld, hash: Mined["hash"]): Promise<readonly Step[]> {
  const options = { disableMemory: true, disableStack: true, disableStorage: true };
  const trace: unknown = await market.chain.provider.request({
    method: "debug_traceTransaction",
    params: [hash, options],
  });
  return (trace as { readonly structLogs: readonly Step[] }).structLogs;
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
