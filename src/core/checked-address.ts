// Turns text into an address whose capitals are those of its checksum, or says why it is none.
import { type Address, getAddress, isAddress } from "viem";
import { z } from "zod";

/**
 * Schema of an address that was written by a person or a program that knows checksums (EIP-55): a digit that was copied
 * wrongly changes the capitals of the others.
 */
export const checkedAddressSchema = z.custom<Address>(
  (value) => typeof value === "string" && isAddress(value) && getAddress(value) === value,
  {
    error: ({ input }) => addressFault(input),
  },
);

/** What is wrong with it, in words. */
function addressFault(input: unknown): string {
  if (typeof input !== "string" || !isAddress(input, { strict: false })) {
    return "must be an address: 0x and 40 hexadecimal digits";
  }
  const written = getAddress(input.toLowerCase());
  return `has ${input === input.toLowerCase() ? "no" : "a wrong"} checksum: ${input} would be written ${written}`;
}
