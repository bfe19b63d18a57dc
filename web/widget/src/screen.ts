/** Follows the part of the screen that a phone's keyboard leaves free. */

/**
 * Keep `--wb-height` and `--wb-top` of `host` (pixels) as the visible part of the screen; returns what ends it.
 * Browsers without visualViewport keep the style sheet's heights.
 */
export function followScreen(host: HTMLElement): () => void {
  const seen = window.visualViewport;
  if (!seen) return () => undefined;
  const fit = (): void => {
    // pinched: the person looks at a detail, nothing should move
    if (seen.scale > 1.01) return;
    host.style.setProperty("--wb-height", `${seen.height}px`);
    host.style.setProperty("--wb-top", `${seen.offsetTop}px`);
  };
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
  fit();
  return () => {
    seen.removeEventListener("resize", fit);
    seen.removeEventListener("scroll", fit);
  };
}
