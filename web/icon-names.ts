import type { Plugin } from "vite";

const ICON_FILE = /\/@graphiql\/react\/dist\/icons\/[^/]+\.js$/;
const ICON = /^var (Svg\w+) = /m;

/** Keep the names of GraphiQL's icon functions, which become the words that a screen reader says for the icons. */
export const iconNames: Plugin = {
  name: "fairway-icon-names",
  transform(code, id) {
    const icon = ICON_FILE.test(id) ? ICON.exec(code)?.[1] : undefined;
    return icon && { code: `${code}\nObject.defineProperty(${icon}, "name", { value: "${icon}" });\n`, map: null };
  },
};
