import { css } from './css.js';

/** How chosen files look, in the field and on their way. */
export const chosenStyles = css`
  .chosen {
    margin-block-start: 0.5em;
  }
  .chosen li {
    padding-block: 0.125em;
  }
  /* A long name breaks beside what follows it. */
  .chosen .grow {
    flex-basis: 5em;
  }
  .chosen button {
    padding-inline: 0.375em;
  }
  .chosen .refused {
    padding-inline-start: 0.5em;
    border-inline-start: 3px solid var(--_danger);
  }
  .chosen .wrong {
    flex-basis: 100%;
    margin: 0;
  }
  .chosen progress {
    flex: 0 1 6em;
    min-inline-size: 3em;
    accent-color: var(--_accent);
  }
`;
