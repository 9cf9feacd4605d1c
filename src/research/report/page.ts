// Turns parts into one page of HTML that needs nothing beside itself.

/** A table: its headers and rows of text, the first cell of a row names it. */
export type PageTable = { readonly headers: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** One part of a page. */
export type Section = {
  readonly title: string;
  /** Plain sentences, a paragraph each. */
  readonly text?: readonly string[];
  /** SVG as it is. */
  readonly charts?: readonly string[];
  readonly table?: PageTable;
};

/** Header of a column of sentences, which stand to the left. */
export const WORDS = "definition";

const STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 1080px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 24px; } h3 { font-size: 14px; margin: 12px 0 0; } h2 { font-size: 18px; margin-top: 32px; border-bottom: 1px solid #ddd; }
table { margin-top: 12px; border-collapse: collapse; font-size: 13px; } th, td { padding: 3px 10px; text-align: right; border-bottom: 1px solid #eee; }
th { background: #f6f6f6; } th:first-child, td:first-child { text-align: left; } th.words, td.words { text-align: left; } td.words { color: #555; }
.wide { overflow-x: auto; } .notice { background: #fff4e0; border-left: 4px solid #d98e04; padding: 6px 12px; }
svg { max-width: 100%; height: auto; }
`;

/** A whole page. @param notices What a reader has to know before anything else. */
export function pageHtml(title: string, notices: readonly string[], sections: readonly Section[]): string {
  const parts = [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    ...notices.map((notice) => `<p class="notice">${escaped(notice)}</p>`),
    ...sections.map(sectionHtml),
    "</body></html>",
  ];
  return `${parts.join("\n")}\n`;
}

function sectionHtml({ title, text = [], charts = [], table }: Section): string {
  return [
    `<h2>${escaped(title)}</h2>`,
    ...text.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    ...charts,
    ...(table === undefined ? [] : [tableHtml(table)]),
  ].join("\n");
}

function tableHtml({ headers, rows }: PageTable): string {
  const mark = (i: number): string => (headers[i] === WORDS ? ' class="words"' : "");
  const head = headers.map((header, i) => `<th${mark(i)}>${escaped(header)}</th>`).join("");
  const cell = (text: string, i: number): string => `<td${mark(i)}>${escaped(text)}</td>`;
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** Text as HTML shows it. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
