import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env['ENTENTE_SERVER'] ?? 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/ }],
        },
      },
    },
  },
  // `npx vite apps/console` beside a server that runs already.
  server: { proxy: { '/v1': server, '/health': server, '/openapi.json': server } },
});
