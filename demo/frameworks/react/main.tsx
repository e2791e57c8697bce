import { StrictMode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { Support } from './support.js';

const place = document.querySelector('#app')!;
const app = (
  <StrictMode>
    <Support person="jane" />
  </StrictMode>
);
// What a server has written is taken over.
if (place.firstElementChild) hydrateRoot(place, app);
else createRoot(place).render(app);
