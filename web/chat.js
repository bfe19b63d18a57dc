// The chat page: sends what is written, shows what comes. No framework, no build.

const CONVERSATION_KEY = "wenbu.conversation";
const LARGER_KEY = "wenbu.larger";
const PATIENCE_MS = 30000;
// without a place: the answer asks for it and offers every region that the knowledge base has, a new one among them
const EXAMPLES = [
  "残疾人培训40天能领多少生活费",
  "退役军人能免费学技术吗",
  "企业搞以工代训补多少",
  "帮我测算一下",
];
const PAYEES = { worker: "发给本人", employer: "发给单位", provider: "发给培训机构" };

const log = document.getElementById("log");
const composer = document.getElementById("composer");
const field = document.getElementById("text");
const sendButton = document.getElementById("send");
const dialog = document.getElementById("clause");

// ---- small helpers

/** An element with its attributes and children; strings become text, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** localStorage that does without storage where the browser forbids it. */
const memory = {
  read(key) { try { return localStorage.getItem(key); } catch { return null; } },
  write(key, value) { try { localStorage.setItem(key, value); } catch { /* the page works without */ } },
};

function newConversation() {
  // randomUUID is missing in old web views and outside of https
  const id = crypto.randomUUID ? crypto.randomUUID()
    : Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  memory.write(CONVERSATION_KEY, id);
  return id;
}

let conversation = memory.read(CONVERSATION_KEY) || newConversation();
let waiting = false;

function toBottom() {
  log.scrollTop = log.scrollHeight;
}

/** To the end, unless the answer is longer than the window: then its beginning is what is read first. */
function showFromItsBeginning(question, answer) {
  toBottom();
  const tooLong = answer && log.scrollHeight - question.offsetTop > log.clientHeight;
  if (tooLong) log.scrollTop = answer.offsetTop - log.offsetTop - 12;
}

// ---- speaking with the gateway

class Refused extends Error {}

async function ask(text) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const response = await fetch("/api/v1/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender: conversation, message: text }),
      signal: stop.signal,
    });
    const body = await response.json();
    if (!response.ok) throw new Refused(reason(body));
    return body;
  } finally {
    clearTimeout(timer);
  }
}

function reason(body) {
  const detail = body && body.detail;
  if (Array.isArray(detail)) return detail.map((problem) => problem.msg).join(";");
  return typeof detail === "string" ? detail : "没有发出去";
}

const documents = new Map();
function documentOf(id) {
  if (!documents.has(id)) {
    const loading = fetch(`/api/v1/documents/${encodeURIComponent(id)}`).then((response) => {
      if (!response.ok) throw new Error(response.statusText);
      return response.json();
    });
    loading.catch(() => documents.delete(id));
    documents.set(id, loading);
  }
  return documents.get(id);
}

let factLabels = null;
async function labelsOfFacts() {
  if (!factLabels) {
    const response = await fetch("/api/v1/facts");
    const body = await response.json();
    factLabels = new Map(body.facts.map((fact) => [fact.name, fact.label]));
  }
  return factLabels;
}

// ---- showing

function showMine(text) {
  const turn = make("div", { class: "turn mine" }, make("div", { class: "bubble" }, text));
  log.append(turn);
  toBottom();
  return turn;
}

function showTyping() {
  const turn = make("div", { class: "turn typing" },
    make("div", { class: "bubble" }, make("i"), make("i"), make("i"), make("span", { class: "hidden" }, "正在回答")));
  log.append(turn);
  toBottom();
  return turn;
}

function showMessage(message) {
  const turn = make("div", { class: "turn" }, make("div", { class: "bubble" }, message.text));
  if (message.card && Array.isArray(message.card.results)) turn.append(resultCard(message.card));
  if (message.citations && message.citations.length) turn.append(citationList(message.citations));
  if (message.buttons && message.buttons.length) turn.append(quickReplies(message.buttons));
  log.append(turn);
  return turn;
}

function citationList(citations) {
  const list = make("ul", { class: "cites", "aria-label": "政策依据" });
  for (const citation of citations) {
    list.append(make("li", {}, citationButton(citation)));
  }
  return list;
}

function citationButton(citation) {
  const words = [citation.number, citation.label || citation.clause, citation.title].filter(Boolean).join(" · ");
  return make("button", { type: "button", class: "cite", onclick: () => openClause(citation) }, words);
}

function quickReplies(buttons) {
  const group = make("div", { class: "quick", role: "group", "aria-label": "可以直接选" });
  for (const { title, payload } of buttons) {
    group.append(make("button", { type: "button", onclick: () => say(payload, title) }, title));
  }
  return group;
}

// ---- the eligibility card

function resultCard(card) {
  const shown = make("section", { class: "result", "aria-label": "测算结果" }, make("h2", {}, `测算结果（按${card.as_of}）`));
  const groups = [["eligible", "✓ 可以领"], ["unknown", "？ 还差情况"], ["not_eligible", "✕ 不能领"]];
  for (const [status, title] of groups) {
    const results = card.results.filter((result) => result.status === status);
    if (!results.length) continue;
    const list = make("ul", {}, ...results.map(resultItem));
    const heading = `${title}（${results.length}项）`;
    // what cannot be claimed is there for who wants to know why, and does not hide the rest
    shown.append(status === "not_eligible"
      ? make("details", { class: `group ${status}` }, make("summary", {}, heading), list)
      : make("div", { class: `group ${status}` }, make("h3", {}, heading), list));
  }
  return shown;
}

function resultItem(result) {
  const item = make("li", { class: "item" }, make("b", {}, result.name));
  const sum = sumOf(result.amount);
  if (sum) item.append(make("span", { class: "sum" }, sum));
  const formula = result.amount && result.amount.kind !== "pending" && result.amount.formula;
  if (formula) item.append(make("p", { class: "small" }, formula));
  if (result.status === "eligible" && PAYEES[result.paid_to]) item.append(make("p", { class: "small" }, PAYEES[result.paid_to]));
  if (result.missing.length) item.append(missingLine(result.missing));
  const told = result.reasons.filter((given) => given.holds === (result.status !== "not_eligible"));
  for (const given of told) item.append(make("p", { class: "small" }, given.text));
  for (const note of result.notes) item.append(make("p", { class: "small" }, note));
  item.append(...result.citations.map(citationButton));
  return item;
}

function missingLine(missing) {
  const line = make("p", { class: "small" }, "还要知道：…");
  labelsOfFacts()
    .then((labels) => { line.textContent = `还要知道：${missing.map((name) => labels.get(name) || name).join("、")}`; })
    .catch(() => { line.textContent = "还要知道一些情况"; });
  return line;
}

function sumOf(amount) {
  if (!amount) return "";
  const yuan = (value) => `${Number(value).toLocaleString("zh-CN", { maximumFractionDigits: 2 })}元`;
  switch (amount.kind) {
    case "exact": return yuan(amount.value);
    case "at_least": return `至少${yuan(amount.min)}`;
    case "at_most": return `最多${yuan(amount.max)}`;
    case "range": return `${yuan(amount.min)}到${yuan(amount.max)}`;
    case "free": return "免费";
    case "not_stated": return amount.says || "文件没有定数额";
    default: return "";
  }
}

// ---- a clause in full

async function openClause(citation) {
  const title = document.getElementById("clause-title");
  const body = document.getElementById("clause-body");
  title.textContent = citation.title || citation.number;
  body.replaceChildren(make("p", {}, "正在打开…"));
  dialog.showModal();
  try {
    const found = await documentOf(citation.document);
    const clause = found.clauses.find((one) => one.clause === citation.clause);
    if (!clause) throw new Error("no such clause");
    title.textContent = clause.title;
    body.replaceChildren(
      make("p", { class: "small" }, `${found.title}\n${found.number} ${clause.label}`),
      make("h3", {}, "讲的是什么"), make("p", {}, clause.text),
      clause.original ? make("h3", {}, "文件原文") : null,
      clause.original ? make("p", { class: "original" }, clause.original) : null);
    body.scrollTop = 0;
  } catch {
    body.replaceChildren(make("p", {}, "这一条没能打开，请稍后再点一次。"));
  }
}

document.getElementById("clause-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

// ---- a turn

/** Send `text`, show it as `shown` (a button's title). */
async function say(text, shown = text) {
  if (waiting) return;
  retireButtons();
  await deliver(text, showMine(shown));
}

/** Old choices would answer a question that is no longer open. */
function retireButtons() {
  for (const group of log.querySelectorAll(".quick:not(.examples)")) group.remove();
}

async function deliver(text, turn) {
  setWaiting(true);
  const typing = showTyping();
  try {
    const answer = await ask(text);
    typing.remove();
    const shown = answer.messages.map(showMessage);
    showFromItsBeginning(turn, shown[0]);
  } catch (error) {
    typing.remove();
    showFailure(text, turn, error instanceof Refused ? error.message : "网络不通，没有发出去");
  } finally {
    setWaiting(false);
  }
}

function showFailure(text, turn, words) {
  turn.classList.add("failed");
  const line = make("div", { class: "failure", role: "alert" }, words);
  const again = make("button", { type: "button", class: "again" }, "重发");
  again.addEventListener("click", () => {
    if (waiting) return;
    line.remove();
    turn.classList.remove("failed");
    deliver(text, turn);
  });
  line.append(again);
  turn.append(line);
  toBottom();
}

function setWaiting(now) {
  waiting = now;
  sendButton.disabled = now;
  log.setAttribute("aria-busy", String(now));
}

// ---- writing

function fitField() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 3}px`;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text || waiting) return;
  field.value = "";
  fitField();
  say(text);
});

field.addEventListener("input", fitField);
field.addEventListener("keydown", (event) => {
  // Enter while an input method is composing chooses a word; 229 is how older browsers tell it
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  composer.requestSubmit();
});

// ---- beginning

function greet() {
  log.replaceChildren();
  const turn = showMessage({ text: "您好，我是问补。职业技能培训有哪些补贴、您能不能领、能领多少，都可以问我。\n"
    + "告诉我您在哪里、是什么情况，就像打电话一样说。" });
  const places = make("p", { class: "small" });
  turn.append(places);
  namePlaces(places);
  const group = quickReplies(EXAMPLES.map((title) => ({ title, payload: title })));
  group.classList.add("examples");
  turn.append(group);
}

async function namePlaces(line) {
  try {
    const response = await fetch("/api/v1/regions");
    const body = await response.json();
    line.textContent = `现有这些地方的政策：${body.regions.map((region) => region.short_name).join("、")}`;
  } catch {
    line.remove();
  }
}

const larger = document.getElementById("larger");
function setLarger(on) {
  document.documentElement.classList.toggle("larger", on);
  larger.setAttribute("aria-pressed", String(on));
  memory.write(LARGER_KEY, on ? "1" : "");
  fitField();
}
larger.addEventListener("click", () => setLarger(larger.getAttribute("aria-pressed") !== "true"));
setLarger(memory.read(LARGER_KEY) === "1");

document.getElementById("restart").addEventListener("click", () => {
  if (waiting) return;
  conversation = newConversation();
  greet();
  field.focus();
});

greet();
