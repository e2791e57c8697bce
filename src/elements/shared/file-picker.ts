import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { FileLimits } from '../../backends/backend.js';
import type { HelpDeskError } from '../../errors.js';
import type { ChosenFiles, Marks } from './chosen-files.js';
import { Later } from './later.js';

/** A text in the element's language. */
export type Words = (english: string, values?: Readonly<Record<string, string | number>>) => string;

/** A number of bytes for people. Units are powers of 1,024, as the limits of the back ends are. */
export function fileSize(bytes: number, language: string): string {
  const power = bytes < 1024 ? 0 : bytes < 1048576 ? 1 : 2;
  const value = bytes / 1024 ** power;
  const unit = ['byte', 'kilobyte', 'megabyte'][power]!;
  // A form says its limits at once: without a formatter where that is easy, as a page's first costs a slow phone 50 ms.
  if (value < 999 && /^en\b/.test(language))
    return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${['byte', 'kB', 'MB'][power]}`;
  return value.toLocaleString(language, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** Files chosen by button, dropped or pasted. What becomes of them is told by `ChosenFiles`, fetched with the first. */
export class FilePicker {
  readonly host: LitElement;
  /** What may be sent; undefined where no files can be. */
  readonly limits: () => FileLimits | undefined;
  readonly text: Words;
  readonly language: () => string;
  readonly list: Later<ChosenFiles>;
  /** Why the last choice, or all that was sent, was not taken, in words; empty when all is well. */
  problem = '';
  /** From 0 to 1 while they are sent. */
  progress: number | undefined;
  /** What was sent and refused. */
  refused: Marks | undefined;
  /** What was given and is not taken yet. */
  given: File[] = [];
  #files: readonly File[] = [];

  constructor(host: LitElement, limits: () => FileLimits | undefined, text: Words, language: () => string) {
    this.host = host;
    this.limits = limits;
    this.text = text;
    this.language = language;
    this.list = new Later(host, async () => new (await import('./chosen-files.js')).ChosenFiles(this));
  }

  /** What was chosen; nothing where no files can be sent. To set it is to forget what else was given. */
  get files(): readonly File[] {
    return this.limits() ? this.#files : [];
  }

  set files(files: readonly File[]) {
    this.#files = files;
    this.given = [];
    this.problem = '';
    this.host.requestUpdate();
  }

  /** While files are sent none are added. */
  #take(given: Iterable<File>): void {
    if (this.progress !== undefined) return;
    this.given.push(...given);
    this.settle().catch(({ message }: HelpDeskError) => {
      this.problem = this.text(message);
      this.host.requestUpdate();
    });
  }

  /** True where something was given and is not taken yet. */
  get waits(): boolean {
    return !!this.given.length;
  }

  /**
   * Sees to what was given before it is sent: true where all of it could be taken. Rejects with `network` where the code
   * for it could not be had; the files then wait for the next call.
   */
  async settle(): Promise<boolean> {
    return !this.waits || (await this.list.need()).settle();
  }

  /** Files dropped onto the form or pasted into a field; text is left to the field. They are gone after their event. */
  readonly drop = (event: Event): void => {
    const { type, clipboardData, dataTransfer } = event as ClipboardEvent & DragEvent;
    const data = clipboardData ?? dataTransfer;
    const types = data?.types ?? [];
    // Words from an office program bring a picture of themselves.
    if (!types.includes('Files') || (clipboardData && types.includes('text/plain'))) return;
    // Also where none can be sent: else the browser leaves the page for the file.
    event.preventDefault();
    if (!this.limits()) return;
    if (type === 'dragover') this.list.ahead();
    else this.#take(data!.files);
  };
  readonly paste = this.drop;

  /** The field, the limits in words, and what was chosen; nothing where the back end takes no files. */
  render(): TemplateResult | typeof nothing {
    const limits = this.limits();
    if (!limits) return nothing;
    const { text, list, problem } = this;
    const { maxCount: count, maxBytes, accept } = limits;
    const size = fileSize(maxBytes, this.language());
    // A page may have brought them.
    if (this.#files.length) list.ahead();
    return html`<div part="attachments" class="files" @pointerenter=${list.ahead} @focusin=${list.ahead}>
      <div class="row">
        <label class="add"
          >${text('Add files')}<input
            id="files"
            class="hidden"
            type="file"
            aria-invalid=${problem ? 'true' : nothing}
            aria-label="${text('Attachments')}: ${text('Add files')}"
            aria-describedby="limits files-wrong"
            ?multiple=${count > 1}
            ?disabled=${this.progress !== undefined}
            accept=${accept || nothing}
            @change=${({ target }: { target: HTMLInputElement }) => {
              this.#take(target.files ?? []);
              target.value = '';
            }}
        /></label>
        <span id="limits" class="muted"
          >${text(count === 1 ? '1 file, up to {size}' : 'Up to {count} files, {size} each', { count, size })}</span
        >
      </div>
      ${problem ? html`<p class="wrong" id="files-wrong" role="alert">${problem}</p>` : nothing} ${list.part?.render()}
    </div>`;
  }
}
