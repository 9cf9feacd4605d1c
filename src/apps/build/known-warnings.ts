// Turns the compiler's messages into those that somebody has to read.
import type { HardhatPlugin } from "hardhat/types/plugins";
import type { CompilerOutputError } from "hardhat/types/solidity";

/** The guard of OpenZeppelin keeps its flag in transient storage and clears it itself, which the warning calls safe. */
const KNOWN = {
  text: "Transient storage as defined by EIP-1153",
  file: "@openzeppelin/contracts/utils/TransientSlot.sol",
} as const;

/** The messages without the one warning that is known and answered; in any other file it stays. */
export function unknownWarnings(messages: readonly CompilerOutputError[]): CompilerOutputError[] {
  return messages.filter(({ severity, message, formattedMessage = "" }) => {
    return severity !== "warning" || !message.startsWith(KNOWN.text) || !formattedMessage.includes(KNOWN.file);
  });
}

/** Takes {@link unknownWarnings} into every build. */
export const knownWarnings: HardhatPlugin = {
  id: "known-warnings",
  hookHandlers: {
    solidity: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            // eslint-disable-next-line max-params -- Hardhat gives a hook its arguments one by one.
            getCompilationJobErrors: async (context, job, output, next) =>
              unknownWarnings(await next(context, job, output)),
          }),
      }),
  },
};
