/** What is not needed to show a page: writing, and telling what is news. Loaded when a person begins to do something. */
import { createNews, type News } from './news.js';
import type { Session } from './session.js';
import { createWrites, type Writes } from './writes.js';

/** See `createWrites` and `createNews`. */
export type Activity = Writes & News;

/** Everything that one session does beyond reading. */
export const createActivity = (
  session: Session,
  agent: () => boolean,
  show: (ids: ReadonlySet<string>) => void,
): Activity => ({ ...createWrites(session, agent), ...createNews(session, show) });
