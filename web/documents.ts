import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { buildSchema, getIntrospectionQuery, type GraphQLSchema, parse, validate } from "graphql";
import type { Plugin } from "vite";

import { mutationText } from "./live/src/mutation-text.ts";

const SOURCE = /\/web\/(live\/src|src)\/[^?]*\.tsx?$/;
const BEGINS = /^(\s*#[^\n]*\n)*\s*((query|mutation|subscription)\b|\{)/;
/** What may stand in a payload: a field, with or without fields of its own. */
const RESULT = /^\w+( \{[^]*\})?$/;
/** As GraphiQL asks for the schema. */
const INTROSPECTION = getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true });

interface Node {
  type: string;
  [part: string]: unknown;
}

/**
 * Write the manifest of all documents that the pages and `@fairway/live` send, so that a server which runs listed ones alone
 * runs these. What is sent is what is found: every text that is a document of the schema, and each mutation that is named
 * with each result that it can have.
 */
export function documents(root: string): Plugin {
  const schema = buildSchema(readFileSync(`${root}../schema.graphql`, "utf-8"));
  const mutations = schema.getMutationType()?.getFields() ?? {};
  const texts = new Set<string>();
  return {
    name: "fairway-documents",
    enforce: "post",
    transform(code, id) {
      if (SOURCE.test(id)) for (const text of textsOf(this.parse(code) as unknown as Node)) texts.add(text);
    },
    generateBundle() {
      const named = [...texts].filter((text) => text in mutations);
      const results = ["", ...[...texts].filter((text) => RESULT.test(text) && !(text in mutations))];
      const sent = named.flatMap((mutation) => results.map((result) => mutationText(mutation, result)));
      const found = [...texts].filter((text) => BEGINS.test(text));
      const all = [INTROSPECTION, ...found, ...sent].filter((text) => fits(schema, text)).sort();
      const manifest = Object.fromEntries(all.map((text) => [`sha256:${createHash("sha256").update(text).digest("hex")}`, text]));
      this.emitFile({ type: "asset", fileName: "documents.json", source: `${JSON.stringify(manifest, null, 1)}\n` });
    },
  };
}

function fits(schema: GraphQLSchema, text: string): boolean {
  try {
    return validate(schema, parse(text)).length === 0;
  } catch {
    return false;
  }
}

/** All texts of a module that are known when it is built: those that stand there, and those put together of such. */
function textsOf(module: Node): string[] {
  const known = new Map<string, string>();
  const found: string[] = [];
  const textOf = (node: Node): string | null => {
    if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : null;
    if (node.type === "Identifier") return known.get(String(node["name"])) ?? null;
    if (node.type !== "TemplateLiteral") return null;
    const between = (node["expressions"] as Node[]).map(textOf);
    const parts = (node["quasis"] as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
    return between.includes(null) ? null : parts.map((part, index) => part + (between[index] ?? "")).join("");
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === "object" && value !== null) visit(value as Node);
  };
  const visit = (node: Node): void => {
    const { id, init } = node as unknown as { id?: Node | null; init?: Node | null };
    const named = node.type === "VariableDeclarator" && id?.type === "Identifier" && init ? textOf(init) : null;
    if (named !== null) known.set(String(id?.["name"]), named);
    const text = node.type === "Identifier" ? null : textOf(node);
    if (text !== null) found.push(text);
    Object.values(node).forEach(walk);
  };
  visit(module);
  return found;
}
