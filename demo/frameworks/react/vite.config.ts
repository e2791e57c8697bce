import { defineConfig } from 'vite';

export default defineConfig({ server: { proxy: { '/helpdesk': 'http://localhost:8080' } } });
