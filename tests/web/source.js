// Reads the client's sources for the tests of what stands in them: the modules, and the fixed text of their templates.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";

export const WEB = fileURLToPath(new URL("../../web/", import.meta.url));

function below(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? below(path) : [path];
  });
}

/** The files of a folder of web/ as {name, text}, names relative to web/. */
export function filesOf(folder) {
  return below(join(WEB, folder))
    .sort()
    .map((path) => ({ name: relative(WEB, path), text: readFileSync(path, "utf8") }));
}

export const read = (name) => readFileSync(join(WEB, name), "utf8");

/** The source without its comments. */
export function withoutComments(text) {
  return text.replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)\/\/ .*$/gm, "$1");
}

/* Stands for a ${...} of a template. */
export const HOLE = "\u0000";

/** The index just behind the string, template or comment that begins at <at>, else <at>. */
function skipQuoted(text, at, found) {
  const quote = text[at];
  if (quote === "`") return templateAt(text, at, found).end;
  if (quote !== '"' && quote !== "'") return at;
  let end = at + 1;
  while (text[end] !== quote) end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

/** Reads the template literal at <at>; templates inside its holes are found too. */
function templateAt(text, at, found) {
  const isHtml = text.slice(at - 4, at) === "html";
  let fixed = "";
  let i = at + 1;
  while (text[i] !== "`") {
    if (text[i] === "\\") {
      fixed += text.slice(i, i + 2);
      i += 2;
    } else if (text.startsWith("${", i)) {
      fixed += HOLE;
      i = holeEnd(text, i + 2, found);
    } else {
      fixed += text[i++];
    }
  }
  if (isHtml) found.push(fixed);
  return { end: i + 1 };
}

function holeEnd(text, at, found) {
  let depth = 1;
  let i = at;
  while (depth > 0) {
    const next = skipQuoted(text, i, found);
    if (next > i) {
      i = next;
      continue;
    }
    depth += text[i] === "{" ? 1 : text[i] === "}" ? -1 : 0;
    i++;
  }
  return i;
}

/** The fixed text of every html`` template of a module, a HOLE for each value. */
export function templatesOf(source) {
  const text = withoutComments(source);
  const found = [];
  for (const match of text.matchAll(/html`/g)) {
    // Those inside another's hole are found with it.
    templateAt(text, match.index + 4, found);
  }
  return [...new Set(found)];
}
