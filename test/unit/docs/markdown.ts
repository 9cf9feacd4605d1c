// Turns the project's documents into what they link to and what they tell a reader to type.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

export const ROOT = path.join(import.meta.dirname, "../../..");

/** Paths of all documents, from the root. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  "deployments/README.md",
  ...readdirSync(path.join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => `docs/${name}`),
];

/** The text of a document. */
export function textOf(document: string): string {
  return readFileSync(path.join(ROOT, document), "utf8");
}

/** Where its links and pictures lead, without those that are inside of code. */
export function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "code");
  return [...prose.matchAll(/\]\(<?([^)\s>]+)>?\)/g)].map(([, target]) => target ?? "");
}

/** What a link to a part of the document can name: its headings, as GitHub writes them. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** Lines of `tm100` to type, as words after its name, without a prompt, assignments before it and a remark after it. */
export function commandLinesOf(text: string): string[][] {
  const typed = /^(?: {4}|\t)?(?:\$ )?(?:[A-Z_0-9]+=\S+ )*(?:npm run -s tm100 --|tm100) (.+)$/gm;
  return [...text.matchAll(typed)].map(([, rest = ""]) => wordsOf(rest.replace(/ +# .*$/, "")));
}

/** Code inside of sentences and tables. */
export function codeSpansOf(text: string): string[] {
  const lines = text.split("\n").filter((line) => !line.startsWith("    "));
  return [...lines.join("\n").matchAll(/`([^`\n]+)`/g)].map(([, span]) => (span ?? "").replaceAll("\\|", "|"));
}

/** As a shell parts them: quotes hold words together. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
