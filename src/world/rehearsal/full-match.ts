// Turns deployed contracts and their sources into Sourcify's own judgement whether they belong to each other.
import { readFile } from "node:fs/promises";

import {
  type ISolidityCompiler,
  PreRunCompilation,
  SourcifyChain,
  Verification,
  setLibSourcifyLoggerLevel,
} from "@ethereum-sourcify/lib-sourcify";
import { keccak256, sha256, stringToBytes } from "viem";
import { z } from "zod";

import type { ContractSource } from "./sources.ts";

/**
 * What Sourcify says of a contract's code: `perfect` is a full match, metadata included. Before it is asked: "other
 * metadata" or "other source" when what is shown does not have the hash that the code, or the metadata, has of it.
 */
export type Match = {
  readonly contract: string;
  readonly address: string;
  /** Of the code that runs. */
  readonly match: string;
  /** Of the code that created it, which only a trace of its transaction shows: CreateX made the contract. */
  readonly creationMatch: string;
};

const codeSchema = z.looseObject({ object: z.string() });
const contractSchema = z.looseObject({
  evm: z.looseObject({ bytecode: codeSchema, deployedBytecode: codeSchema }),
});
const metadataSchema = z.looseObject({ sources: z.record(z.string(), z.looseObject({ keccak256: z.string() })) });
const outputSchema = z.object({
  output: z.object({ contracts: z.record(z.string(), z.record(z.string(), contractSchema)) }),
});
type Output = z.infer<typeof outputSchema>;

const ERRORS_ONLY = 0;
/** {byte} Of the number at the end of a code that says how long its metadata are. */
const LENGTH_BYTES = 2;

/**
 * Compares each contract's code on the chain with what the compiler made of its sources, as Sourcify's server does. The
 * code that the compiler made is taken from the build: the judgement is about that, the metadata and the chain.
 */
export async function fullMatches(rpc: string, chainId: number, sources: readonly ContractSource[]): Promise<Match[]> {
  setLibSourcifyLoggerLevel(ERRORS_ONLY);
  const rpcs = [{ rpc, urlWithoutApiKey: rpc, maskedUrl: rpc, traceSupport: "debug_traceTransaction" as const }];
  const chain = new SourcifyChain({ name: "rehearsal", chainId, rpcs, supported: true });
  const outputs = new Map<string, Output>();
  const matches: Match[] = [];
  for (const source of sources) {
    const output = outputs.get(source.inputId) ?? (await readOutput(source.inputId));
    outputs.set(source.inputId, output);
    const compilation = compilationOf(source, output);
    const fault = hashFault(source, compilation.runtimeBytecode);
    const verification = new Verification(compilation, chain, source.address, source.transaction);
    await verification.verify();
    const { runtimeMatch, creationMatch } = verification.status;
    matches.push({
      contract: source.contract,
      address: source.address,
      match: fault ?? runtimeMatch ?? "none",
      creationMatch: fault ?? creationMatch ?? "none",
    });
  }
  return matches;
}

/** Why the sources shown are not those of the code, or undefined. */
function hashFault({ metadata, input }: ContractSource, code: string): string | undefined {
  if (!code.includes(ipfsHash(metadata))) return "other metadata";
  const { sources } = metadataSchema.parse(JSON.parse(metadata));
  const isOther = ([name, { keccak256: hash }]: [string, { readonly keccak256: string }]): boolean =>
    keccak256(stringToBytes(input.sources[name]?.content ?? "")) !== hash;
  return Object.entries(sources).some(isOther) ? "other source" : undefined;
}

/** The multihash, in hexadecimal, of a file of one block as IPFS stores it: UnixFS in a node of a DAG. */
function ipfsHash(text: string): string {
  const data = Buffer.from(text, "utf8");
  const size = varint(data.length);
  const file = Buffer.concat([Buffer.from([0x08, 0x02, 0x12]), size, data, Buffer.from([0x18]), size]);
  const node = Buffer.concat([Buffer.from([0x0a]), varint(file.length), file]);
  return `1220${sha256(node).slice(2)}`;
}

/** A number in groups of seven bits, least first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}

async function readOutput(inputId: string): Promise<Output> {
  const url = new URL(`../../../artifacts/build-info/${inputId}.output.json`, import.meta.url);
  return outputSchema.parse(JSON.parse(await readFile(url, "utf8")));
}

function compilationOf(source: ContractSource, { output }: Output): PreRunCompilation {
  const { contract: name, sourceName: path, metadata, compiler } = source;
  const made = contractSchema.parse(output.contracts[path]?.[name]);
  const withMetadata = { contracts: { [path]: { [name]: { ...made, metadata } } } };
  const cbor = metadataOf(made.evm.deployedBytecode.object);
  return new PreRunCompilation(
    NO_COMPILER,
    compiler,
    structuredClone(source.input),
    withMetadata,
    { name, path },
    metadataPlace(made.evm.bytecode.object, cbor),
    metadataPlace(made.evm.deployedBytecode.object, cbor),
  );
}

/** Everything was compiled before. */
const NO_COMPILER: ISolidityCompiler = {
  compile: () => Promise.reject(new TypeError("nothing is compiled here")),
};

/** A code's metadata: at its end, before two bytes that say how long they are. */
function metadataOf(running: string): string {
  const length = Number.parseInt(running.slice(-2 * LENGTH_BYTES), 16) + LENGTH_BYTES;
  return running.slice(-2 * length);
}

/** Where a code keeps its metadata; in one that creates, other parts may follow the code that runs. */
function metadataPlace(code: string, metadata: string): Record<string, Place> {
  return { "1": { offset: code.lastIndexOf(metadata) / 2, value: `0x${metadata}` } };
}

/** {byte} */
type Place = { readonly offset: number; readonly value: string };
