import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import type { FileLimits } from '../../backends/backend.js';

type Words = (english: string, values?: Readonly<Record<string, string | number>>) => string;

/** A number of bytes for people. Units are powers of 1,024, as the limits of the back ends are. */
export function fileSize(bytes: number, language: string): string {
  const unit = bytes < 1024 ? 'byte' : bytes < 1024 ** 2 ? 'kilobyte' : 'megabyte';
  const value = bytes / { byte: 1, kilobyte: 1024, megabyte: 1024 ** 2 }[unit];
  return value.toLocaleString(language, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** Files chosen by button, dropped or pasted, checked against the limits before anything is sent. */
export class FilePicker implements ReactiveController {
  readonly #host: LitElement;
  readonly #limits: () => FileLimits | undefined;
  readonly #text: Words;
  readonly #language: () => string;
  #files: readonly File[] = [];
  /** Why the last choice was not taken, in words; empty when all is well. */
  problem = '';

  constructor(host: LitElement, limits: () => FileLimits | undefined, text: Words, language: () => string) {
    this.#host = host;
    this.#limits = limits;
    this.#text = text;
    this.#language = language;
    host.addController(this);
  }

  hostConnected(): void {}

  /** What was chosen; nothing where no files can be sent. */
  get files(): readonly File[] {
    return this.#limits() ? this.#files : [];
  }

  set files(files: readonly File[]) {
    this.#files = files;
    this.problem = '';
    this.#host.requestUpdate();
  }

  /** Takes what the limits allow and says what they do not. */
  add(files: Iterable<File>): void {
    const limits = this.#limits();
    if (!limits) return;
    const taken = [...this.#files];
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
      if (problem) problems.add(this.#text(problem, { name: file.name }));
      else taken.push(file);
    }
    this.problem = [...problems].join(' ');
    this.#files = taken;
    this.#host.requestUpdate();
  }

  /** Files pasted into a field; text is left to the field. */
  readonly paste = (event: ClipboardEvent): void => {
    const { files, types } = event.clipboardData ?? {};
    // Words from an office program bring a picture of themselves.
    if (!files?.length || types?.includes('text/plain') || !this.#limits()) return;
    event.preventDefault();
    this.add(files);
  };

  /** Files dropped onto the form. */
  readonly drop = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files') || !this.#limits()) return;
    event.preventDefault();
    if (event.type === 'drop') this.add(event.dataTransfer.files);
  };

  /** The field, the limits in words, and what was chosen; nothing where the back end takes no files. */
  render(): TemplateResult | typeof nothing {
    const limits = this.#limits();
    if (!limits) return nothing;
    const text = this.#text;
    const language = this.#language();
    const size = fileSize(limits.maxBytes, language);
    return html`<div part="attachments" class="files">
      <div class="row">
        <label class="add"
          >${text('Add files')}<input
            id="files"
            class="hidden"
            type="file"
            aria-invalid=${this.problem ? 'true' : nothing}
            aria-label="${text('Attachments')}: ${text('Add files')}"
            aria-describedby="limits files-wrong"
            ?multiple=${limits.maxCount > 1}
            accept=${limits.accept || nothing}
            @change=${(event: Event) => this.#chosen(event)}
        /></label>
        <span id="limits" class="muted"
          >${limits.maxCount === 1 ? text('1 file, up to {size}', { size }) : text('Up to {count} files, {size} each', { count: limits.maxCount, size })}</span
        >
      </div>
      ${this.problem ? html`<p class="wrong" id="files-wrong" role="alert">${this.problem}</p>` : nothing}
      ${
        this.files.length
          ? html`<ul role="list">
              ${this.files.map(
                (file, index) =>
                  html`<li class="row">
                    <bdi class="grow">${file.name}</bdi><span class="muted">${fileSize(file.size, language)}</span
                    ><button
                      type="button"
                      class="plain"
                      aria-label=${text('Remove {name}', { name: file.name })}
                      @click=${() => void this.#remove(index)}
                    >
                      ${text('Remove')}
                    </button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
    </div>`;
  }

  /** The button that was pressed goes with its file: focus goes to the next one, or to the field. */
  async #remove(index: number): Promise<void> {
    this.files = this.#files.filter((_, at) => at !== index);
    await this.#host.updateComplete;
    const left = this.#host.renderRoot.querySelectorAll<HTMLElement>('#files, .files li button');
    left[Math.min(index + 1, left.length - 1)]?.focus();
  }

  #chosen(event: Event): void {
    const field = event.target as HTMLInputElement;
    this.add(field.files ?? []);
    field.value = '';
  }
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
