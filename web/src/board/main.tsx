import "./board.css";
import "./views.css";

import { createRoot } from "react-dom/client";

import { App } from "./App";
import { LanguageProvider } from "./language";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
  );
}
