import { defineConfig } from "vite";

export default defineConfig({
  root: "static",
  base: "/static/dist/",
  publicDir: "public", // error.css, which the error page asks for by a name that never changes
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // the content security policy allows no data: fonts or styles
    modulePreload: false, // its polyfill is an inline script elsewhere, and there is one entry only
    target: ["chrome123", "firefox121", "safari17.5"],
    rolldownOptions: { checks: { eval: false }, input: { main: "static/src/main.js" } },
  },
});
