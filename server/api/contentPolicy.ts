/**
 * The Content-Security-Policy of every answer: scripts of our own files only, nothing embedded, nothing loaded from
 * elsewhere but the background map when one is set. Styles may stand in the page, since the component library makes
 * them as it draws; workers may come from a blob, since the map engine starts its own so. `tileSource`: URL template of
 * raster tiles.
 */
export function contentPolicy(tileSource: string | null): string {
  const tiles = tileSource === null ? '' : ` ${new URL(tileSource).origin}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${tiles}`,
    `connect-src 'self'${tiles}`,
    "font-src 'self' data:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
