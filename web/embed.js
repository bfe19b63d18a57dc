// Puts the address of this very server into the examples, and copies the first of them.

for (const place of document.querySelectorAll("pre b, code b")) place.textContent = location.origin;

document.getElementById("copy").addEventListener("click", () => {
  const tag = document.getElementById("tag");
  const told = document.getElementById("copied");
  // the clipboard is closed to pages without https and to old browsers: then the line is marked for copying by hand
  const select = () => {
    getSelection().selectAllChildren(tag);
    told.textContent = "选好了，请按复制";
  };
  if (!navigator.clipboard) select();
  else navigator.clipboard.writeText(tag.textContent).then(() => { told.textContent = "复制好了"; }, select);
});
