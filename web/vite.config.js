import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

// Pages allow no inline style. The drawing libraries write some: styles within SVG icons become attributes, which mean the
// same, and the style sheets one library makes at run time are adopted instead of written into the page.
const noInlineStyle = {
  name: 'no-inline-style',
  transform(code, id) {
    if (id.includes('/style-mod/')) return code.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets');
    if (!/node_modules\/(bpmn-js|dmn-js[^/]*|diagram-js|@bpmn-io\/[^/]+)\//.test(id)) return undefined;
    // Its notice and mark are styled by our style sheet.
    if (id.endsWith('dmn-js-shared/lib/util/PoweredByUtil.js')) return code.replaceAll('style="', 'data-style="');
    return code.replace(/ style="((?:(?:fill|stroke)[a-z-]*: ?[^;"$]+;? ?|opacity: ?[.\d]+;? ?)+)"/g, (_, style) =>
      style.split(';').filter((part) => part.trim()).map((part) => part.split(':')).map(([key, value]) => ` ${key.trim()}="${value.trim()}"`).join(''));
  },
};

// Fixed names: the Rust pages name the files, and add `?v=` with the release for caching.
// Another island is one more line under `input`.
const formWords = JSON.parse(readFileSync(new URL('scripts/form-words.json', import.meta.url), 'utf8'));

// The form editor has no seam for another language: its words are exchanged where they are shown, when it is bundled.
const formsInChinese = {
  name: 'forms-in-chinese',
  transform(code, id) {
    if (!/node_modules\/@bpmn-io\/(form-js[^/]*|properties-panel)\//.test(id)) return undefined;
    const said = code.replace("return 'Form';", `return '${formWords.Form}';`);
    const set = said.replace(/\b(label|description) = (['"])((?:(?!\2).)+)\2;/g, (all, key, quote, words) => (formWords[words] ? `${key} = ${quote}${formWords[words]}${quote};` : all));
    return set.replace(/\b(label|name|title|description|children|placeholder|'aria-label'|headerLabel|tooltip): (['"])((?:(?!\2).)+)\2/g, (all, key, quote, words) =>
      formWords[words] ? `${key}: ${quote}${formWords[words]}${quote}` : all);
  },
};

export default defineConfig({
  base: './',
  plugins: [noInlineStyle, formsInChinese],
  css: { preprocessorOptions: { scss: { loadPaths: ['node_modules'], quietDeps: true, style: 'compressed' } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    cssMinify: false, // the default minifier rejects a media query of govuk-frontend; sass compresses instead
    modulePreload: false,
    assetsInlineLimit: 0, // the pages' policy allows no fonts written into style sheets
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: {
        app: 'src/app.ts',
        diagram: 'src/designs/diagram.ts',
        'designer-process': 'src/designs/process.ts',
        'designer-decision': 'src/designs/decision.ts',
        'designer-form': 'src/designs/form.ts',
        // styles apart from the scripts, so that their names do not depend on what the scripts share
        'look-process': 'styles/look-process.css',
        'look-decision': 'styles/look-decision.css',
        'look-form': 'styles/look-form.css',
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        assetFileNames: '[name][extname]',
      },
    },
  },
});
