// Turns the empty page into the application.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { fetchAhead } from "./ahead.ts";
import { App } from "./app.tsx";
import { PageError } from "./errors.ts";
import { applyTheme, storedTheme } from "./theme.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";
import "./styles/views.css";

applyTheme(storedTheme());
const root = document.getElementById("root");
if (root === null)
  throw new PageError("PAGE_BROKEN", "Expected an element 'root' in the page, found none. Load it again.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
fetchAhead();
