// In the page around it, and only if you like: gives each <iframe data-help-desk-frame> the height of what is in it.
// Nothing else that a frame says is heard. Bounds in pixels: data-min (200) and data-max (4000).
{
  const mark = 'iframe[data-help-desk-frame]';
  // Says nothing but that it is there, so that anybody may hear it; an address would fail while the frame is empty.
  const hello = (frame) => frame.contentWindow?.postMessage({ type: 'help-desk-hello' }, '*');
  const pixels = (words, otherwise) => (/^\d{1,5}$/.test(words ?? '') ? Number(words) : otherwise);

  addEventListener('message', ({ source, origin, data }) => {
    if (data?.type !== 'help-desk-height' || !Number.isFinite(data.height)) return;
    for (const frame of document.querySelectorAll(mark)) {
      const { src, contentWindow } = frame;
      if (!source || contentWindow !== source || !URL.canParse(src) || new URL(src).origin !== origin) continue;
      const { min, max } = frame.dataset;
      const height = Math.min(Math.max(data.height, pixels(min, 200)), pixels(max, 4000));
      frame.style.blockSize = `${height}px`;
      // Of what is in it, whatever border the page gives it.
      frame.style.boxSizing = 'content-box';
    }
  });
  // A frame may have loaded before this script, or come long after it.
  document.addEventListener('load', ({ target }) => target.matches?.(mark) && hello(target), true);
  document.querySelectorAll(mark).forEach(hello);
}
