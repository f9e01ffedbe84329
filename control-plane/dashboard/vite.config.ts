import { readFileSync } from "node:fs";
import localesPlugin from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// Browsers that read numbers with their spelling (JSON.parse with the source's text), and all newer ones.
const browsers = ["chrome120", "edge120", "firefox135", "safari18.4"];

// The script that sets the theme before anything is drawn. Not a module: a module would run after the first paint.
function boot(): Plugin {
  let serves = false;
  return {
    name: "fanion-boot",
    configResolved: (config) => {
      serves = config.command === "serve";
    },
    buildStart() {
      if (serves) return;
      const source = readFileSync(new URL("./src/boot.js", import.meta.url), "utf8");
      this.emitFile({ type: "asset", name: "boot.js", source: source.replace(/^\/\/.*\n/gm, "") });
    },
    transformIndexHtml: {
      order: "post",
      handler(html, context) {
        const made = Object.keys(context.bundle ?? {}).find((name) => /^assets\/boot-.*\.js$/.test(name));
        const src = serves ? "./src/boot.js" : `./${made}`;
        return { html, tags: [{ tag: "script", attrs: { src }, injectTo: "head-prepend" as const }] };
      },
    },
  };
}

// Built pages find everything relative to <base href>, which the control plane fills from --public-url.
function relativeToBase(): Plugin {
  return {
    name: "fanion-base-first",
    transformIndexHtml: {
      order: "post",
      handler: (html) => html.replace(/(\s*<base [^>]*>)/, "").replace("<head>", '<head>\n    <base href="/ui/" />'),
    },
  };
}

// The order of the layers stands at the head of every style sheet, so that it is the same whichever of them comes first.
function layersFirst(): Plugin {
  const order = /^@layer [^;{]+;/.exec(readFileSync(new URL("./src/style/base.css", import.meta.url), "utf8"))?.[0];
  if (!order) throw new Error("base.css does not begin with the order of the layers");
  return {
    name: "fanion-layers-first",
    enforce: "pre",
    transform: {
      filter: { id: /\/src\/.*\.css$/ },
      handler: (code) => (code.startsWith(order) ? undefined : { code: `${order}${code}`, map: null }),
    },
  };
}

const upstream = process.env.FANION_API ?? "http://127.0.0.1:8081";

export default defineConfig({
  base: process.env.NODE_ENV === "development" ? "/ui/" : "./",
  plugins: [
    react(),
    { ...localesPlugin.vite({ locales: ["en-US"] }), enforce: "pre" },
    boot(),
    layersFirst(),
    relativeToBase(),
  ],
  build: {
    target: browsers,
    cssTarget: browsers,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
  worker: { format: "es" },
  server: { proxy: { "/api": upstream } },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "tools/*.test.mjs"],
    environment: "node",
    testTimeout: 30_000,
  },
});
