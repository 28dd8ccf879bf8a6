import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

interface Manifest {
  name: string;
  version: string;
  license?: string;
}

const LEGAL_FILE = /^(licen[cs]e|notice|thirdpartynotices)(\.|$)/i;
const PACKAGE_FOLDER = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

const HEADING = `# Third-party code in \`dist/\`

The build writes this list. The full licence texts are in \`dist/third-party-licenses.txt\`.
The icon font \`codicon\`, which monaco-editor brings, is by Microsoft, under CC BY 4.0.

| Package | Version | Licence |
| --- | --- | --- |
`;

/** List the packages whose code is in the bundle and its workers, with their licences. */
export function notices(root: string): { collect: Plugin; write: Plugin } {
  const folders = new Set<string>();
  const collect: Plugin = {
    name: "fairway-notices-collect",
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type === "chunk") output.moduleIds.forEach((id) => addFolder(folders, id));
      }
    },
  };
  const write: Plugin = {
    name: "fairway-notices-write",
    closeBundle() {
      const sorted = onePerVersion(folders);
      writeFileSync(join(root, "NOTICE.md"), HEADING + sorted.map(tableRow).join(""));
      writeFileSync(join(root, "dist", "third-party-licenses.txt"), sorted.map(legalText).join("\n"));
    },
  };
  return { collect, write };
}

function addFolder(folders: Set<string>, moduleId: string): void {
  const folder = PACKAGE_FOLDER.exec(moduleId)?.[1];
  if (folder !== undefined && existsSync(join(folder, "package.json"))) folders.add(folder);
}

function onePerVersion(folders: Set<string>): string[] {
  const byVersion = new Map<string, string>();
  for (const folder of [...folders].sort()) {
    const { name, version } = manifestOf(folder);
    byVersion.set(`${name} ${version}`, folder);
  }
  return [...byVersion.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, folder]) => folder);
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function tableRow(folder: string): string {
  const { name, version, license } = manifestOf(folder);
  return `| ${name} | ${version} | ${license ?? "see its licence text"} |\n`;
}

function legalText(folder: string): string {
  const { name, version, license } = manifestOf(folder);
  const texts = readdirSync(folder)
    .filter((file) => LEGAL_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  return [`==== ${name} ${version} (${license ?? "no licence field"}) ====`, ...texts, ""].join("\n\n");
}
