// Turns a document into the commands that it shows, each with its line and with what the document says that it prints.

/** A command as a document shows it. */
export type Shown = {
  readonly document: string;
  readonly line: number;
  /** Without prompt and remark. */
  readonly text: string;
  /** What stands below it in the same block, after a prompt; a line `…` or `...` stands for any lines. */
  readonly output: readonly string[];
  /** Inside of a sentence or a table, not in a block of its own. */
  readonly isInline: boolean;
};

const COMMAND =
  /^(?:[A-Z_0-9]+=\S+ +)*(?:npm|npx|node|tm100|hardhat|duckdb|git|curl|docker|psql|python3|sh|bash|sudo|apt|apt-get|systemctl|cd|cp|mkdir|export)(?: |$)/;
const INDENT = "    ";
const PROMPT = "$ ";

/** All commands of a document, in its order. */
export function shownIn(document: string, text: string): Shown[] {
  const lines = text.split("\n");
  const isCode = codeLines(lines);
  const typed = lines.flatMap((line, i) => {
    const bare = bareLine(line);
    const hasPrompt = bare.startsWith(PROMPT);
    const command = (hasPrompt ? bare.slice(PROMPT.length) : bare).replace(/ +# .*$/, "").trim();
    if (isCode[i] !== true || !(hasPrompt || COMMAND.test(command))) return [];
    const output = hasPrompt ? outputAfter(lines, isCode, i) : [];
    return [{ document, line: i + 1, text: command, output, isInline: false }];
  });
  return [...typed, ...inlineIn(document, lines, isCode)].sort((a, b) => a.line - b.line);
}

/**
 * The lines that a command should have printed, in their order, and did not.
 *
 * @param shown `…` or `...` alone on a line stands for any lines, `…` within a line for any part of it.
 */
export function missingLines(shown: readonly string[], printed: string): string[] {
  const found = printed.split("\n").map((line) => line.trimEnd());
  let next = 0;
  return shown.filter((line) => {
    if (/^\s*(?:…|\.\.\.)?$/.test(line)) return false;
    const pattern = new RegExp(`^${line.trimEnd().split("…").map(escaped).join(".*")}$`);
    const at = found.findIndex((one, i) => i >= next && pattern.test(one));
    if (at >= 0) next = at + 1;
    return at < 0;
  });
}

/** Of each line whether it stands in a block of code. */
function codeLines(lines: readonly string[]): boolean[] {
  let isFenced = false;
  return lines.map((line) => {
    if (line.startsWith("```")) isFenced = !isFenced;
    return isFenced || line.startsWith(INDENT);
  });
}

function bareLine(line: string): string {
  return line.startsWith(INDENT) ? line.slice(INDENT.length) : line;
}

function outputAfter(lines: readonly string[], isCode: readonly boolean[], at: number): string[] {
  const output: string[] = [];
  for (let i = at + 1; i < lines.length; i += 1) {
    const line = lines[i] ?? "";
    if (isCode[i] !== true && line !== "") break;
    if (line.startsWith("```") || bareLine(line).startsWith(PROMPT)) break;
    output.push(bareLine(line));
  }
  return output;
}

/** A span of code may go on in the next line. */
function inlineIn(document: string, lines: readonly string[], isCode: readonly boolean[]): Shown[] {
  const prose = lines.map((line, i) => (isCode[i] === true ? "" : line)).join("\n");
  return [...prose.matchAll(/`((?:[^`\n]|\n(?!\n))+)`/g)].flatMap(({ 1: span = "", index }) => {
    const text = span.replaceAll(/\s+/g, " ").replaceAll("\\|", "|");
    const line = prose.slice(0, index).split("\n").length;
    return COMMAND.test(text) ? [{ document, line, text, output: [], isInline: true }] : [];
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
