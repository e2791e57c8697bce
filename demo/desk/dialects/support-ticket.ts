import type { Dialect } from './dialect.js';
export const supportTicket: Dialect = () => Promise.resolve(new Response(null, { status: 404 }));
