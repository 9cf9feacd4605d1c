// Turns command line text into the name of a role.
import { UsageError } from "../../core/errors.ts";
import type { RoleName } from "../../execute/guard.ts";

/** The roles that a key can hold; the owner's is none of them. */
export const ROLE_NAMES: readonly RoleName[] = ["keeper", "guardian", "signer"];

/** @throws UsageError when there is no such role. */
export function parseRole(text: string): RoleName {
  const role = ROLE_NAMES.find((known) => known === text);
  if (role === undefined) throw new UsageError(`Expected a role of ${ROLE_NAMES.join(", ")}, found '${text}'.`);
  return role;
}
