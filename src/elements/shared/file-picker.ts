import { html, nothing, type TemplateResult } from 'lit';
import type { FileLimits } from '../../backends/backend.js';
import type { HelpDeskError } from '../../errors.js';
import type { ChosenFiles, Marks } from './chosen-files.js';
import type { FileField } from './file-field.js';
import type { HelpElement } from './help-element.js';
import { Later } from './later.js';

/** A text in the element's language. */
export type Words = (english: string, values?: Readonly<Record<string, string | number>>) => string;

/**
 * Files chosen by button, dropped or pasted. The field is fetched where it is to be drawn; what becomes of files is told
 * by `ChosenFiles`, fetched with the first.
 */
export class FilePicker {
  readonly host: HelpElement;
  /** What may be sent; undefined where no files can be. */
  readonly limits: () => FileLimits | undefined;
  readonly text: Words;
  readonly field: Later<FileField>;
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

  constructor(host: HelpElement, limits: () => FileLimits | undefined) {
    this.host = host;
    this.limits = limits;
    this.text = host['text'].bind(host);
    this.field = new Later(host, async () => new (await import('./file-field.js')).FileField(this));
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
  take(given: Iterable<File>): void {
    if (this.progress !== undefined) return;
    this.given.push(...given);
    this.settle().catch(({ message }: HelpDeskError) => {
      // Forgotten meanwhile, they are nobody's problem.
      if (!this.waits) return;
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
    else this.take(data!.files);
  };

  /** The field with what was chosen; nothing where the back end takes no files. */
  render(): TemplateResult | typeof nothing {
    const { field, list, problem } = this;
    if (!this.limits()) return nothing;
    field.ahead();
    // A page may have brought them.
    if (this.#files.length) list.ahead();
    return html`<div part="attachments" class="files" @pointerenter=${list.ahead} @focusin=${list.ahead}>
      ${field.part?.render()} ${problem ? html`<p class="wrong" id="files-wrong" role="alert">${problem}</p>` : nothing}
      ${list.part?.render()}
    </div>`;
  }
}
