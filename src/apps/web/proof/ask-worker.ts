// Turns a question for a thread beside the page into its answer; the page stays quick meanwhile.
import { PageError } from "../errors.ts";

/** Asks once, and ends the thread. @param work What it does, in words for when the browser could not start it. */
export async function askWorker<Answer>(worker: Worker, question: unknown, work: string): Promise<Answer> {
  try {
    return await new Promise<Answer>((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
        resolve(data);
      });
      worker.addEventListener("error", ({ message }: Partial<ErrorEvent>) => {
        // A script that cannot be had says nothing.
        const found = message ?? "no code for it, which this page's server hands out";
        reject(new PageError("WORKER_FAILED", `Expected the browser to ${work}, found ${found}. Try again.`));
      });
      worker.postMessage(question);
    });
  } finally {
    worker.terminate();
  }
}
