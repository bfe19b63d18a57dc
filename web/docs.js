// Reads /openapi.json and shows it: every path with its parameters, its body and its answers.

const target = document.getElementById("paths");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
}

/** A schema in a short form: names, types, what must be there. `depth` ends recursion. */
function shape(schema, all, depth = 0) {
  if (!schema || depth > 6) return "…";
  if (schema.$ref) return shape(all[schema.$ref.split("/").pop()], all, depth);
  if (schema.anyOf) return schema.anyOf.map((one) => shape(one, all, depth + 1)).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `[ ${shape(schema.items, all, depth + 1)} ]`;
  if (!schema.properties) return schema.format ? `${schema.type}(${schema.format})` : schema.type || "任意";
  const inner = "  ".repeat(depth + 1);
  const required = new Set(schema.required || []);
  const lines = Object.entries(schema.properties).map(([name, one]) => {
    const about = one.description ? `   // ${one.description}` : "";
    return `${inner}${name}${required.has(name) ? "" : "?"}: ${shape(one, all, depth + 1)}${about}`;
  });
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

function content(part, all) {
  const schema = part && part.content && part.content["application/json"] && part.content["application/json"].schema;
  return schema ? make("pre", {}, shape(schema, all)) : null;
}

function operation(method, path, described, all) {
  const body = make("div", { class: "body" }, described.description ? make("p", {}, described.description) : null);
  if (described.parameters) {
    body.append(make("b", {}, "参数"), make("table", {}, ...described.parameters.map((one) => make("tr", {},
      make("td", {}, make("code", {}, one.name)), make("td", {}, one.in === "path" ? "路径" : "查询"),
      make("td", {}, `${shape(one.schema, all)}${one.required ? "(必填)" : ""} ${one.description || ""}`)))));
  }
  const given = content(described.requestBody, all);
  if (given) body.append(make("b", {}, "请求正文"), given);
  for (const [status, answer] of Object.entries(described.responses)) {
    const shown = content(answer, all);
    if (shown) body.append(make("b", {}, `应答 ${status}`), shown);
  }
  return make("details", {}, make("summary", {}, make("span", { class: "method" }, method.toUpperCase()),
    make("code", {}, path), ` ${described.summary || ""}`), body);
}

const api = await (await fetch("/openapi.json")).json();
const groups = new Map();
for (const [path, methods] of Object.entries(api.paths)) {
  for (const [method, described] of Object.entries(methods)) {
    const tag = (described.tags || ["其他"])[0];
    if (!groups.has(tag)) groups.set(tag, make("section", {}, make("h2", {}, tag)));
    groups.get(tag).append(operation(method, path, described, api.components.schemas));
  }
}
target.replaceChildren(...groups.values());
