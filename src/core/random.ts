// Turns a seed into a stream of numbers that is the same on every machine.

/** A stream of pseudo-random numbers. */
export type RandomStream = {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  /** Normal with mean 0 and variance 1. */
  readonly normal: () => number;
};

/**
 * A stream that depends on `seed` alone; different seeds give unrelated streams.
 *
 * @param seed An integer of 32 bits.
 * @see mulberry32 by Tommy Ettinger, and the Box-Muller transform.
 */
export function randomStream(seed: number): RandomStream {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
