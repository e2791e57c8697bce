/** What is not needed to show a page: writing, and telling what is news. Loaded when a person begins to do something. */
import { grow } from './growing.js';
import { createNews, type News } from './news.js';
import type { Session } from './session.js';
import { createWrites, type Writes } from './writes.js';

export { share } from './share.js';

/** See `createWrites`, `createNews` and how lists grow. */
export type Activity = Writes & News & { readonly grow: typeof grow };

/** Everything that one session does beyond reading. */
export const createActivity = (
  session: Session,
  agent: () => boolean,
  show: (ids: ReadonlySet<string>) => void,
): Activity => ({ ...createWrites(session, agent), ...createNews(session, show), grow });
