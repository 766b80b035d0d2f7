import { defineConfig } from 'vite';

// Fixed names: the Rust pages name the files, and add `?v=` with the release for caching.
// Another island is one more line under `input`.
export default defineConfig({
  base: './',
  css: { preprocessorOptions: { scss: { loadPaths: ['node_modules'], quietDeps: true, style: 'compressed' } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    cssMinify: false, // the default minifier rejects a media query of govuk-frontend; sass compresses instead
    modulePreload: false,
    rollupOptions: {
      input: { app: 'src/app.ts' },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        assetFileNames: '[name][extname]',
      },
    },
  },
});
