import { defineConfig, transformWithEsbuild, type Plugin } from "vite";

// Two scripts, each one file that any page can load with a plain <script>: `--mode widget` and `--mode print`.
const ENTRIES: Record<string, { entry: string; file: string }> = {
  widget: { entry: "widget/src/index.ts", file: "widget.js" },
  print: { entry: "print/src/index.ts", file: "print.js" },
};

/** The oldest web views that are still met in WeChat; older ones have no custom elements. */
const OLDEST = ["chrome61", "safari11"];

/** The line breaks and indentation of templates are for those who read the sources: one space is the same in a page. */
const tightTemplates: Plugin = {
  name: "tight-templates",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === "chunk") file.code = file.code.replace(/(?:\\n|\n) {2,}/g, " ");
    }
  },
};

/** The window's styles once more as a file, for browsers that take no style sheets from a script. */
const stylesAsFile: Plugin = {
  name: "styles-as-file",
  async generateBundle() {
    const styles = await this.fs.readFile("widget/src/styles.css", { encoding: "utf8" });
    const { code } = await transformWithEsbuild(styles, "widget.css", { minify: true, target: OLDEST });
    this.emitFile({ type: "asset", fileName: "widget.css", source: code });
  },
};

export default defineConfig(({ mode, command }) => {
  const { entry, file } = ENTRIES[mode] ?? ENTRIES.widget;
  return {
    publicDir: false,
    plugins: [tightTemplates, ...(mode === "widget" ? [stylesAsFile] : [])],
    // Lit says globalThis, which Chrome before 71 and Safari before 12.1 lack; the tests run in Node
    define: command === "build" ? { globalThis: "window" } : {},
    build: {
      outDir: "dist",
      emptyOutDir: false,
      reportCompressedSize: false,
      // what the oldest of them run
      target: "es2017",
      cssTarget: OLDEST,
      minify: "terser",
      terserOptions: { ecma: 2017, compress: { passes: 3, unsafe_arrows: true }, format: { comments: false } },
      lib: { entry, formats: ["iife"], name: "wenbu", fileName: () => file },
    },
    test: { include: ["widget/src/**/*.test.ts", "print/src/**/*.test.ts"] },
  };
});
