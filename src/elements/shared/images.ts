/** Images of a ticket's entries, shown from bytes that were looked at: never by a link, never as what they claim to be. */
import type { AttachmentContent } from '../../backends/backend.js';
import type { Attachment } from '../../model.js';
import type { Store } from '../../store/types.js';
import { cleanName } from './file-name.js';

/** Bytes up to which an image is shown; a larger one is a file as any other. */
const maxBytes = 2 * 1024 * 1024;
/** Images that are read at a time. */
const parallel = 5;

/** Media type and how its bytes begin; a dot stands for any byte. SVG is none of them: it can run scripts and load. */
const formats: readonly (readonly [type: string, start: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['image/avif', /^[^]{4}ftypavi[fs]/],
];

/** The media type by the first bytes; nothing for what is not shown. */
export async function imageType(blob: Blob): Promise<string | undefined> {
  if (blob.size > maxBytes) return undefined;
  const start = String.fromCharCode(...new Uint8Array(await blob.slice(0, 12).arrayBuffer()));
  return formats.find(([, pattern]) => pattern.test(start))?.[0];
}

/** True where a file may be an image that can be shown, by what is said of it. */
const mayBeImage = ({ name = '', type, size = 0 }: Attachment): boolean =>
  size <= maxBytes &&
  (type && type !== 'application/octet-stream'
    ? /^image\/(png|jpe?g|gif|webp|avif)\b/i.test(type)
    : /\.(png|jpe?g|gif|webp|avif)$/i.test(name));

/** The images of one thread element. What it knows hangs on the attachments, and goes with them. */
export class Images {
  readonly #change: (fill: () => void) => void;
  readonly #name: (file: string) => string;
  readonly #places = new WeakMap<Attachment, HTMLElement>();
  readonly #jobs = new WeakMap<Element, () => Promise<void>>();
  readonly #contents = new WeakMap<Attachment, Promise<AttachmentContent>>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  readonly #near = new IntersectionObserver(
    (seen, observer) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        const job = this.#jobs.get(target);
        if (job) this.#waiting.push(job);
      }
      this.#next();
    },
    { rootMargin: '200px 0px', scrollMargin: '200px 0px' },
  );

  /** `change` does what changes the height of an entry; `name` is what the button that enlarges an image is called. */
  constructor(change: (fill: () => void) => void, name: (file: string) => string) {
    this.#change = change;
    this.#name = name;
  }

  /** Where the image will stand once it is near what is seen; nothing for other files. */
  place(store: Store, ticketId: string, attachment: Attachment): HTMLElement | undefined {
    if (!store.can('readAttachment') || !mayBeImage(attachment)) return undefined;
    let place = this.#places.get(attachment);
    if (!place) {
      place = document.createElement('span');
      place.className = 'picture';
      const shown = place;
      this.#places.set(attachment, place);
      // Who cannot see the image can still download the file: no failure is told.
      this.#jobs.set(place, () => this.#show(store, ticketId, attachment, shown).catch(() => undefined));
      this.#near.observe(place);
    }
    return place;
  }

  /** An address for an image within the words, for a minute; nothing where it cannot be shown. */
  async address(store: Store, ticketId: string, attachment: Attachment): Promise<string | undefined> {
    const address = await this.#url(store, ticketId, attachment);
    setTimeout(() => URL.revokeObjectURL(address ?? ''), 60_000);
    return address;
  }

  /** A file's bytes. Those of an image are kept while its ticket is: it is read once. */
  read(store: Store, ticketId: string, attachment: Attachment): Promise<AttachmentContent> {
    const known = this.#contents.get(attachment);
    if (known) return known;
    const reading = store.readAttachment(ticketId, attachment);
    if (attachment.contentId || mayBeImage(attachment)) {
      this.#contents.set(attachment, reading);
      reading.then(
        ({ blob }) => blob.size > maxBytes && this.#contents.delete(attachment),
        () => this.#contents.delete(attachment),
      );
    }
    return reading;
  }

  async #url(store: Store, ticketId: string, attachment: Attachment): Promise<string | undefined> {
    if (!store.can('readAttachment') || (attachment.size ?? 0) > maxBytes) return undefined;
    const { blob } = await this.read(store, ticketId, attachment);
    const type = await imageType(blob);
    return type && URL.createObjectURL(new Blob([blob], { type }));
  }

  #next(): void {
    while (this.#running < parallel) {
      const job = this.#waiting.shift();
      if (!job) return;
      this.#running++;
      void job().then(() => {
        this.#running--;
        this.#next();
      });
    }
  }

  async #show(store: Store, ticketId: string, attachment: Attachment, place: HTMLElement): Promise<void> {
    const address = await this.#url(store, ticketId, attachment);
    if (!address) return;
    const image = new Image();
    image.alt = '';
    image.src = address;
    try {
      // Its size is known then, and what is read does not move.
      await image.decode();
    } finally {
      URL.revokeObjectURL(address);
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.ariaLabel = this.#name(cleanName(attachment.name ?? ''));
    button.ariaPressed = 'false';
    button.addEventListener('click', () => {
      button.ariaPressed = `${button.ariaPressed !== 'true'}`;
    });
    button.append(image);
    this.#change(() => place.append(button));
  }
}
