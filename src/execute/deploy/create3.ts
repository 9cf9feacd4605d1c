// Turns a deployer and a name into the address that a contract gets on every chain, whatever it is constructed with.
import {
  type Address,
  type Hex,
  concat,
  encodeFunctionData,
  encodePacked,
  getContractAddress,
  getCreate2Address,
  keccak256,
  pad,
  parseAbi,
  slice,
  stringToHex,
} from "viem";

/**
 * The factory CreateX, at the same address on all chains. It creates by CREATE3: the address follows from sender and
 * salt alone, so that contracts which name each other for ever can be given each other's addresses beforehand.
 *
 * @see https://github.com/pcaversaccio/createx
 */
export const CREATEX: Address = "0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed";
/** keccak-256 of CreateX's code: another contract at its address is refused. */
export const CREATEX_CODE_HASH: Hex = "0xbd8a7ea8cfca7b4e5f5041d7d4b17bc317c5ce42cfbc42066a00cf26b43eb53f";

const CREATEX_ABI = parseAbi(["function deployCreate3(bytes32 salt, bytes initCode) payable returns (address)"]);
/** keccak-256 of the proxy that CreateX creates first and that then creates the contract. */
const PROXY_CODE_HASH: Hex = "0x21c35dbe1b344a2488cf3321d6ce542f8e9f305544ff09e4993a62319a497c1f";
/** In a salt's 21st byte: the same address on every chain. */
const ON_EVERY_CHAIN: Hex = "0x00";
/** {byte} Of a salt that are left for its name. */
const NAME_BYTES = 11;

/** Which fund of a deployer, and which of its contracts. */
export type Named = { readonly fund: string; readonly contract: string };

/** The salt of a contract. It begins with the deployer, so that nobody else can take the address. */
export function saltOf(deployer: Address, { fund, contract }: Named): Hex {
  const name = slice(keccak256(stringToHex(`tm-global-100/${fund}/${contract}`)), 0, NAME_BYTES);
  // In small letters: what is sent is compared, letter by letter, with what a node says was sent.
  return concat([deployer.toLowerCase() as Hex, ON_EVERY_CHAIN, name]);
}

/** Where {@link create3Call} of the same deployer puts the contract. */
export function create3Address(deployer: Address, named: Named): Address {
  // CreateX mixes the sender into a salt that begins with it.
  const guarded = keccak256(encodePacked(["bytes32", "bytes32"], [pad(deployer), saltOf(deployer, named)]));
  const proxy = getCreate2Address({ from: CREATEX, salt: guarded, bytecodeHash: PROXY_CODE_HASH });
  return getContractAddress({ from: proxy, nonce: 1n });
}

/** What the deployer sends to CreateX to create a contract. */
export function create3Call(deployer: Address, named: Named, initCode: Hex): Hex {
  return encodeFunctionData({
    abi: CREATEX_ABI,
    functionName: "deployCreate3",
    args: [saltOf(deployer, named), initCode],
  });
}
