/** Where files are chosen: fetched by the first form or composer that may send some. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FilePicker } from './file-picker.js';
import { fileSize } from './file-size.js';
import { fileStyles } from './files.styles.js';

/** The field of one picker. */
export class FileField {
  /** How it looks. */
  readonly styles = fileStyles;
  readonly #picker: FilePicker;

  constructor(picker: FilePicker) {
    this.#picker = picker;
  }

  /** The button, and the limits in words. */
  render(): TemplateResult | typeof nothing {
    const picker = this.#picker;
    const { text } = picker;
    const limits = picker.limits();
    if (!limits) return nothing;
    const { maxCount: count, maxBytes, accept } = limits;
    const size = fileSize(maxBytes, picker.host['language']);
    const name = text('Attachments');
    return html`<div class="caption" aria-hidden="true">${name}</div>
      <div class="row">
        <label class="add"
          >${text('Add files')}<input
            id="files"
            class="hidden"
            type="file"
            aria-invalid=${picker.problem ? 'true' : nothing}
            aria-label="${name}: ${text('Add files')}"
            aria-describedby="limits files-wrong"
            ?multiple=${count > 1}
            ?disabled=${picker.progress !== undefined}
            accept=${accept || nothing}
            @change=${({ target }: { target: HTMLInputElement }) => {
              picker.take(target.files ?? []);
              target.value = '';
            }}
        /></label>
        <span id="limits" class="muted"
          >${text(count === 1 ? '1 file, up to {size}' : 'Up to {count} files, {size} each', { count, size })}</span
        >
      </div>`;
  }
}
