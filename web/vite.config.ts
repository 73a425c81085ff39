import { defineConfig } from "vite";

// Names without hashes: the program serves them with tags, and what it embeds is the same for the same source.
export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rollupOptions: { output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]", manualChunks: (id) => (id.includes("dagre") ? "graph-layout" : id.includes("uplot") && !id.endsWith(".css") ? "charts" : undefined) } },
  },
});
