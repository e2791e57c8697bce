/** What was chosen, and how its sending goes: fetched with the first file. The form and the composer share it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { HelpDeskError } from '../../errors.js';
import type { FilePicker, Words } from './file-picker.js';
import { fileSize } from './file-size.js';
import { chosenStyles } from './chosen-files.styles.js';

/** File → why it was refused, in words. */
export type Marks = ReadonlyMap<File, string>;

/** How files are shown. */
export interface Shown {
  /** From 0 to 1 of all their bytes, while they are sent. */
  readonly progress?: number | undefined;
  /** What is wrong with some of them. */
  readonly refused?: Marks | undefined;
  /** Takes the file at this place out; without it none can be. */
  readonly remove?: (index: number) => void;
}

/** How much of each file has left, from 0 to 1, when this much of all bytes has: one request carries them in their order. */
export function shares(files: readonly File[], progress: number): number[] {
  let left = progress * files.reduce((sum, { size }) => sum + size, 0);
  return files.map(({ size }) => {
    const share = progress < 1 ? Math.min(Math.max(left / (size || 1), 0), 1) : 1;
    left -= size;
    return share;
  });
}

/** True where the words name this file, not only as a part of another word. */
const speakOf = (words: string, name: string): boolean =>
  words.split(name).some((after, index, parts) => index && !/\w$/.test(parts[index - 1]!) && !/^\w/.test(after));

/** What a refusal says of each file: it names one by its name or its place, or else means all. */
export function marksOf({ fields }: HelpDeskError, files: readonly File[], text: Words): Marks {
  const marks = new Map<File, string>();
  for (const [field, words] of Object.entries(fields)) {
    const [any, place] = /^(?:files|attachments?)\W*(\d*)\W*$/.exec(field) ?? [];
    const meant = files.filter(
      ({ name }, index) => field === name || (any && (place ? +place === index : speakOf(words, name))),
    );
    for (const file of any && !place && !meant.length ? files : meant) marks.set(file, text(words));
  }
  return marks;
}

function accepts(accept: string | undefined, file: File): boolean {
  if (!accept?.trim()) return true;
  const name = file.name.toLowerCase();
  return accept
    .toLowerCase()
    .split(',')
    .map((kind) => kind.trim())
    .some((kind) =>
      kind.startsWith('.')
        ? name.endsWith(kind)
        : kind.endsWith('/*')
          ? file.type.startsWith(kind.slice(0, -1))
          : file.type === kind,
    );
}

/** The files of one field, and of what its element has on its way. */
export class ChosenFiles {
  /** How they look. */
  readonly styles = chosenStyles;
  readonly #picker: FilePicker;
  /** How many of these have left, as it was told. */
  readonly #told = new WeakMap<readonly File[], number>();

  constructor(picker: FilePicker) {
    this.#picker = picker;
  }

  /** Takes what the limits allow and says what they do not. */
  add(files: Iterable<File>): void {
    const picker = this.#picker;
    const limits = picker.limits();
    if (!limits) return;
    const taken = [...picker.files];
    const problems = new Set<string>();
    for (const file of files) {
      const problem =
        taken.length >= limits.maxCount
          ? 'No more files can be added.'
          : file.size > limits.maxBytes
            ? '{name} is too large.'
            : !accepts(limits.accept, file)
              ? '{name} is of a kind that cannot be sent.'
              : !file.size && '{name} is empty.';
      if (problem) problems.add(picker.text(problem, { name: file.name }));
      else taken.push(file);
    }
    picker.files = taken;
    picker.problem = [...problems].join(' ');
  }

  /** Takes what was given meanwhile: true where all of it could be taken. */
  settle(): boolean {
    const picker = this.#picker;
    if (picker.waits) this.add(picker.given.splice(0));
    return !picker.problem;
  }

  /** What was chosen for the next sending. */
  render(): TemplateResult | typeof nothing {
    const picker = this.#picker;
    return this.rows(picker.files, {
      progress: picker.progress,
      refused: picker.refused,
      remove: (index) => void this.#remove(index),
    });
  }

  /** One row for each file: its name, its size, how far it is or what is wrong with it, and the button to take it out. */
  rows(files: readonly File[], { progress, refused, remove }: Shown): TemplateResult | typeof nothing {
    if (!files.length) return nothing;
    const { text, host } = this.#picker;
    const sent = progress !== undefined && shares(files, progress);
    return html`<ul class="chosen" role="list">
      ${files.map((file, index) => {
        const { name, size } = file;
        const wrong = refused?.get(file);
        return html`<li class="row ${wrong ? 'refused' : ''}">
          <bdi class="grow">${name}</bdi><span class="muted">${fileSize(size, host['language'])}</span>${
            sent
              ? html`<progress
                  aria-label=${text('Sending {name}', { name })}
                  max="1"
                  .value=${sent[index]!}
                ></progress>`
              : remove
                ? html`<button
                    type="button"
                    class="plain"
                    ?data-wrong=${wrong}
                    aria-label=${text('Remove {name}', { name })}
                    aria-description=${wrong ?? nothing}
                    @click=${() => remove(index)}
                  >
                    ${text('Remove')}
                  </button>`
                : nothing
          }${wrong ? html`<span class="wrong">${wrong}</span>` : nothing}
        </li>`;
      })}
    </ul>`;
  }

  /** See `marksOf`. */
  marks(error: HelpDeskError, files: readonly File[]): Marks {
    return marksOf(error, files, this.#picker.text);
  }

  /** What is to be said when one more of several files has left; nothing meanwhile. */
  news(files: readonly File[] = [], progress: number): string {
    const count = shares(files, progress).filter((share) => share === 1).length;
    const before = this.#told.get(files) ?? 0;
    this.#told.set(files, count);
    return count > before && files.length > 1
      ? this.#picker.text('{count} of {total} files are sent.', { count, total: files.length })
      : '';
  }

  /** The button that was pressed goes with its file: focus goes to the next one, or to the field. */
  async #remove(index: number): Promise<void> {
    const picker = this.#picker;
    // What was said of all need not be true of the rest.
    if (picker.refused?.size === picker.files.length) picker.refused = undefined;
    picker.files = picker.files.filter((_, at) => at !== index);
    await picker.host.updateComplete;
    const left = picker.host.renderRoot.querySelectorAll<HTMLElement>('#files, .files li button');
    left[Math.min(index + 1, left.length - 1)]?.focus();
  }
}
