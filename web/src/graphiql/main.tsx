import "./workers";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./page.css";
import "./bar.css";

import { createRoot } from "react-dom/client";

import { App } from "./App";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
