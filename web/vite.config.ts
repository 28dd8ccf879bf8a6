import { fileURLToPath } from "node:url";

import optimizeLocales from "@react-aria/optimize-locales-plugin";
import { defineConfig } from "vite";

import { documents } from "./documents.ts";
import { iconNames } from "./icon-names.ts";
import { notices } from "./notices.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const source = (file: string) => `${root}src/graphiql/${file}`;
const licences = notices(root);

export default defineConfig({
  root,
  base: "/",
  publicDir: false,
  resolve: {
    alias: {
      "@fairway/live/react": `${root}live/src/react.ts`,
      "@fairway/live": `${root}live/src/index.ts`,
      "monaco-editor/esm/vs/editor/edcore.main.js": source("monaco.ts"),
      "prettier/plugins/estree": source("json-prettier.ts"),
      "prettier/parser-babel": source("json-prettier.ts"),
      "prettier/parser-graphql": "prettier/plugins/graphql",
    },
  },
  // What React Aria says by itself, in the languages of the board alone.
  plugins: [{ ...optimizeLocales.vite({ locales: ["en-US", "es-ES"] }), enforce: "pre" }, iconNames, documents(root), licences.collect, licences.write],
  worker: { format: "es", plugins: () => [licences.collect] },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    // A data: address would need a wider Content-Security-Policy than a file of our own.
    assetsInlineLimit: 0,
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Monaco is one large library; splitting it further would not make it load sooner.
    chunkSizeWarningLimit: 4000,
    sourcemap: false,
    rollupOptions: {
      input: { graphiql: `${root}graphiql.html`, board: `${root}board.html`, "signed-in": `${root}signed-in.html` },
      // "use client" is for servers that render React, and there is none here.
      checks: { moduleLevelDirective: false },
    },
  },
});
