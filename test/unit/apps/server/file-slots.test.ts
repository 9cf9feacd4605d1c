// Tests of the places for files: as many as there are, each free again when its reader has what it came for, or is gone.
import { EventEmitter } from "node:events";

import { expect } from "chai";

import { FileSlots } from "../../../../src/apps/server/file-slots.ts";

/** As much of an answer as a place needs. */
class Answer extends EventEmitter {
  destroy(): void {
    this.emit("close");
  }
}

describe("FileSlots", function () {
  it("has eight places, and gives one again for each that is left", function () {
    const slots = new FileSlots();
    const answers = Array.from({ length: 9 }, () => new Answer());
    const take = (raw: Answer | undefined): void => {
      slots.take({ raw } as unknown as Parameters<FileSlots["take"]>[0]);
    };
    for (const answer of answers.slice(0, 8)) take(answer);

    expect(() => {
      take(answers[8]);
    }).to.throw("Too many questions are under way.");
    answers[3]?.destroy();
    take(answers[8]);
    expect(() => {
      take(new Answer());
    }).to.throw("Too many questions are under way.");
    for (const answer of answers) answer.destroy(); // their timers end with them
  });
});
