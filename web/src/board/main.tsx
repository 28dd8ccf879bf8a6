import "./board.css";
import "./views.css";

import { createRoot } from "react-dom/client";

import { App } from "./App";
import { keepFocus } from "./focus";
import { LanguageProvider } from "./language";

const root = document.getElementById("root");
if (root) {
  keepFocus();
  createRoot(root).render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
  );
}
