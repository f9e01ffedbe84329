import "./trusted_types";
import "./style/base.css";
import "./style/before.css";
import "./style/tokens.css";
import "./style/fonts.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { untilItComes } from "./api/code";
import { queries } from "./api/query";
import { applyLook } from "./parts/look";
import { router } from "./router";
import { fetchCodeBy } from "./ui/later";
import { UiProvider } from "./ui/UiProvider";

fetchCodeBy(untilItComes);
applyLook();
const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <UiProvider navigate={(href) => router.history.push(href)}>
        <RouterProvider router={router} />
      </UiProvider>
    </QueryClientProvider>
  </StrictMode>,
);
