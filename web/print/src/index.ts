/** Entry of /print#c=<conversation>&m=<message id>: the result of a check on paper or as a picture.
 *
 * The fragment of an address is never sent: the secret name of the conversation stands in no log.
 */

import { html, nothing, render, type TemplateResult } from "lit";
import { Api } from "../../widget/src/api";
import { NOTICE } from "../../widget/src/card";
import { Knowledge } from "../../widget/src/knowledge";
import { plainly, result } from "../../widget/src/result";
import type { Answer, Card } from "../../widget/src/types";
import { drawPicture } from "./picture";
import { sheetOf } from "./sheet";

const place = document.getElementById("sheet")!;

interface Shown {
  card: Card;
  region: string;
  labels: Map<string, string>;
}

function page({ card, region, labels }: Shown, picture: string | null): TemplateResult {
  const again = (): void => show({ card, region, labels }, drawPicture(sheetOf(card, region, labels, NOTICE)));
  return html`<p class="noprint">
      <button type="button" class="main" @click=${() => print()}>打印</button>
      <button type="button" @click=${again}>存成图片</button></p>
    ${picture ? html`<section class="picture noprint" aria-label="图片">
      <p role="status">长按图片就能保存，或者 <a class="button" href=${picture} download=${`测算结果${card.code || ""}.png`}>下载图片</a></p>
      <img src=${picture} alt="测算结果的图片，内容和下面一样"></section>` : nothing}
    <div class="head"><h1>${region}培训补贴测算结果</h1><span class="small">按${card.as_of}算</span></div>
    ${result(card, labels, plainly, false)}`;
}

function show(what: Shown, picture: string | null): void {
  render(page(what, picture), place);
  place.querySelector<HTMLElement>(".picture")?.scrollIntoView();
}

function apologise(words: string): void {
  render(html`<p role="alert">${words}</p><p><a href="/">打开问补</a></p>`, place);
}

/** The words may fail to come: the result itself says enough. */
function orElse<T>(promise: Promise<T>, otherwise: T): Promise<T> {
  return promise.catch(() => otherwise);
}

/** How a region is called: qujing → 曲靖. */
async function placeOf(api: Api, id: string): Promise<string> {
  const { regions } = await api.get<{ regions: { id: string; short_name: string }[] }>("/api/v1/regions");
  return regions.find((region) => region.id === id)?.short_name ?? "";
}

async function open(): Promise<void> {
  const asked = new URLSearchParams(location.hash.slice(1));
  const id = Number(asked.get("m"));
  const api = new Api(location.origin, null, () => asked.get("c") || "");
  const knowledge = new Knowledge(api);
  place.textContent = "";
  let card: Card | null | undefined;
  try {
    const { messages } = await api.get<Answer>(`/api/v1/widget/messages?after=${Math.max(0, id - 1) || 0}`);
    card = messages.find((one) => one.id === id)?.card;
  } catch (error) {
    return apologise("没能打开测算结果，请检查网络，再刷新一次。");
  }
  if (!card) return apologise("找不到这次测算。请回到对话里，再点一次打印或存成图片。");
  const [region, labels] = await Promise.all([
    orElse(placeOf(api, card.region), ""), orElse(knowledge.labels(), new Map<string, string>())]);
  const what = { card, region, labels };
  const how = asked.get("do");
  show(what, how === "picture" ? drawPicture(sheetOf(card, region, labels, NOTICE)) : null);
  if (how === "print") setTimeout(() => print(), 300);
}

addEventListener("hashchange", () => void open());
void open();
