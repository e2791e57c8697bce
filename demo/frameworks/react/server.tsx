import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { Support } from './support.js';

/** The app as HTML, for the place where `main.tsx` takes it over. */
export const render = async (): Promise<string> =>
  renderToString(
    <StrictMode>
      <Support person="jane" />
    </StrictMode>,
  );
