// Turns the chain's time at the last block into the chain's time now.
import { useEffect, useState } from "react";

import { secondsOf } from "../format.ts";

/** {ms} Countdowns show minutes. */
const TICK = 10_000;

/** {s} The time of the last block plus what has passed in this browser since it was told. */
export function useChainTime(time: string): number {
  const [passed, setPassed] = useState({ since: time, seconds: 0 });
  useEffect(() => {
    const start = Date.now();
    const timer = setInterval(() => {
      setPassed({ since: time, seconds: Math.max(0, (Date.now() - start) / 1000) });
    }, TICK);
    return () => {
      clearInterval(timer);
    };
  }, [time]);
  return secondsOf(time) + (passed.since === time ? passed.seconds : 0);
}
