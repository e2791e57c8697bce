/** Sending with progress, loaded when files are sent: `fetch` tells of an upload's progress in too few browsers. */

/** Milliseconds in which something must go out, until all of it has: a bar that stands still so long belongs to a dead line. */
const stallMs = 20_000;

/**
 * Sends a request by XMLHttpRequest.
 * @param body As it was given: WebKit cannot read a form with files back from a request.
 * @param onProgress Told the fraction that is sent, from 0 to 1.
 * @returns Status (0 after a redirect), body and headers. Rejects as `fetch` does, and with a `TimeoutError`.
 */
export function upload(
  request: Request,
  body: FormData | URLSearchParams | string,
  onProgress: (fraction: number) => void,
): Promise<[status: number, body: ArrayBuffer, headers: Headers]> {
  const { signal, url } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    xhr.open(request.method, url);
    request.headers.forEach((value, name) => {
      // A form is given a boundary of its own.
      if (name !== 'content-type' || typeof body === 'string') xhr.setRequestHeader(name, value);
    });
    xhr.responseType = 'arraybuffer';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        xhr.abort();
        reject(new DOMException('', 'TimeoutError'));
      }, stallMs);
    };
    xhr.upload.onprogress = ({ loaded, total }) => {
      wait();
      // The answer has the request's own time. Not every browser says of the last byte that it was the last.
      if (loaded === total) clearTimeout(timer);
      if (loaded && total) onProgress(loaded / total);
    };
    // Also where it was too little to tell of, and where the answer came before the end.
    xhr.upload.onloadend = xhr.onreadystatechange = xhr.onloadend = () => clearTimeout(timer);
    xhr.onload = () => {
      const headers = new Headers();
      for (const [, name, value] of xhr.getAllResponseHeaders().matchAll(/^(.+?): *(.*)$/gm))
        headers.append(name!, value!);
      // It follows redirects unasked: then this is not the answer to what was asked.
      resolve([xhr.responseURL === url ? xhr.status : 0, xhr.response as ArrayBuffer, headers]);
    };
    xhr.onerror = () => reject(new TypeError());
    signal.onabort = () => {
      xhr.abort();
      reject(signal.reason as Error);
    };
    xhr.send(body);
    wait();
  });
}
