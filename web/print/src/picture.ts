/** Draws the lines of a result into a picture. */

import { wrap, type Line } from "./sheet";

const WIDTH = 750;
const MARGIN = 44;
/** Safari draws nothing into a larger canvas than this many pixels. */
const MOST_PIXELS = 16000000;
const FONTS = '-apple-system, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** A PNG as a data address, twice as fine as it is wide so that it stays readable when enlarged. */
export function drawPicture(lines: Line[]): string {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d")!;
  const font = ({ size, bold }: Line): string => `${bold ? "bold " : ""}${size}px ${FONTS}`;

  let y = MARGIN;
  const placed = lines.map((line) => {
    pen.font = font(line);
    const pieces = wrap(line.text, WIDTH - 2 * MARGIN, (text) => pen.measureText(text).width);
    y += line.above || 0;
    const top = y;
    y += pieces.length * Math.round(line.size * 1.5);
    return { line, pieces, top };
  });
  const height = y + MARGIN;

  const scale = Math.min(2, Math.sqrt(MOST_PIXELS / (WIDTH * height)));
  canvas.width = Math.round(WIDTH * scale);
  canvas.height = Math.round(height * scale);
  pen.scale(scale, scale);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, height);
  pen.fillStyle = "#0f5c53";
  pen.fillRect(0, 0, WIDTH, 12);
  pen.textBaseline = "middle";
  for (const { line, pieces, top } of placed) {
    if (line.ruled) {
      pen.fillStyle = "#d9e2de";
      pen.fillRect(MARGIN, top - 14, WIDTH - 2 * MARGIN, 2);
    }
    pen.font = font(line);
    pen.fillStyle = line.colour;
    pieces.forEach((piece, at) => pen.fillText(piece, MARGIN, top + Math.round(line.size * 1.5) * (at + 0.5)));
  }
  return canvas.toDataURL("image/png");
}
