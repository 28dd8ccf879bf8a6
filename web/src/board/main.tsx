import "./board.css";
import "./views.css";

import { createRoot } from "react-dom/client";

import { App } from "./App";
import { keepFocus } from "./focus";
import { chosen, LanguageProvider, load } from "./language";

const root = document.getElementById("root");
if (root) {
  keepFocus();
  const first = chosen();
  const words = await load(first);
  createRoot(root).render(
    <LanguageProvider first={first} words={words}>
      <App />
    </LanguageProvider>,
  );
}
