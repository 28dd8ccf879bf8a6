import { applyEdits, format } from "jsonc-parser";
import type { AstPath, Parser, Printer } from "prettier";

// Stands in for Prettier's JavaScript parser and printer, half a megabyte of which GraphiQL uses only to format JSON.

interface JsonText {
  text: string;
}

/** A Prettier parser that keeps JSON with comments as text, for the printer below. */
export const parsers: Record<string, Parser<JsonText>> = {
  jsonc: {
    parse: (text) => ({ text }),
    astFormat: "json-text",
    locStart: () => 0,
    locEnd: ({ text }) => text.length,
  },
};

/** A Prettier printer that indents JSON with comments by two spaces. */
export const printers: Record<string, Printer<JsonText>> = {
  "json-text": {
    print: (path: AstPath<JsonText>) => indent(path.node.text),
  },
};

function indent(text: string): string {
  return applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true, eol: "\n" }));
}
