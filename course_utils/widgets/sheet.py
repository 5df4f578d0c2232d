"""The sheet in the browser: the canvas and its buttons, as one JavaScript module."""

SIDE = "320px"
SCRIPT = """
const KINDS = "image/png, image/jpeg, image/webp, image/gif";

function render({ model, el }) {
  const size = model.get("size");
  const make = (tag, settings, ...children) => {
    const element = Object.assign(document.createElement(tag), settings);
    element.append(...children);
    return element;
  };
  const button = (name, title, act) => make("button", {
    type: "button", className: "jupyter-button", title, onclick: act,
  }, name);
  const send = (value) => {
    model.set("value", value);
    model.save_changes();
  };

  const sheet = make("canvas", { width: size, height: size, role: "img" });
  sheet.ariaLabel = "sheet to draw on";
  const context = sheet.getContext("2d", { willReadFrequently: true });
  const past = [model.get("value")];
  let shown = null;
  const wipe = () => {
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, size, size);
  };
  const paint = (value) => {
    shown = value;
    if (!value) return wipe();
    const image = new Image();
    image.onload = () => {
      if (shown !== value) return;
      wipe();
      context.drawImage(image, 0, 0, size, size);
    };
    image.src = value;
  };
  const follow = () => {
    const value = model.get("value");
    if (value !== past.at(-1)) past.push(value);
    if (past.length > 100) past.shift();
    if (value !== shown) paint(value);
  };

  const width = make("input", { type: "range", min: 1, max: 40 });
  width.dataset.lmSuppressShortcuts = "true";  /* or JupyterLab takes its arrow keys */
  width.oninput = () => { tool.width = Number(width.value); };
  const tools = model.get("tools").map((settings) => ({ ...settings }));
  let tool;
  const take = (one) => {
    tool = one;
    width.value = one.width;
    for (const { button } of tools) {
      button.ariaPressed = button === one.button;
      button.classList.toggle("mod-primary", button === one.button);
    }
  };
  for (const one of tools) one.button = button(one.name, one.title, () => take(one));
  take(tools[0]);

  let last = null;
  const draw = (event) => {
    const box = sheet.getBoundingClientRect();
    const zoom = size / box.width;
    const next = [(event.clientX - box.left) * zoom, (event.clientY - box.top) * zoom];
    context.strokeStyle = tool.colour;
    context.lineWidth = tool.width * size / 256;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(...(last || next));
    context.lineTo(...next);
    context.stroke();
    last = next;
  };
  sheet.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    draw(event);
    sheet.setPointerCapture(event.pointerId);
  };
  sheet.onpointermove = (event) => {
    if (!last || !event.isPrimary) return;
    const passed = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const part of passed.length ? passed : [event]) draw(part);
  };
  sheet.onpointerup = sheet.onpointercancel = sheet.onlostpointercapture = (event) => {
    if (!last || !event.isPrimary) return;
    last = null;
    shown = sheet.toDataURL("image/png");
    send(shown);
  };

  const undo = () => {
    if (past.length > 1) past.pop();
    send(past.at(-1));
  };
  const chooser = make("input", { type: "file", accept: KINDS, hidden: true });
  chooser.onchange = async () => {
    const [file] = chooser.files;
    if (!file) return;
    const fits = file.size <= model.get("largest");
    const data = fits ? await file.arrayBuffer().catch(() => null) : null;
    model.send({ name: file.name, bytes: file.size }, undefined, data ? [data] : []);
    chooser.value = "";
  };
  const starts = model.get("starts").map((picture, number) => {
    const one = button("", `start from sketch ${number + 1}`, () => send(picture));
    one.classList.add("sheet-start");
    one.style.backgroundImage = `url(${picture})`;
    return one;
  });
  const acts = [
    button("undo", "take back the last stroke", undo),
    button("clear", "start with an empty sheet", () => send("")),
    button("upload", "put a picture of yours on the sheet", () => chooser.click()),
  ];
  const label = make("label", {}, "width", width);
  const rows = [[...tools.map((one) => one.button), label], acts];
  if (starts.length) rows.push(["or start from one of these:"], starts);
  const lines = rows.map((row) => make("div", { className: "sheet-row" }, ...row));
  el.classList.add("sheet-view");
  el.append(sheet, ...lines, chooser);
  model.on("change:value", follow);
  paint(model.get("value"));
  return () => model.off("change:value", follow);
}
export default { render };
"""
STYLE = """
.sheet-view { margin: 2px; color: var(--jp-ui-font-color1, inherit); }
.sheet-view > canvas {
  width: SIDE; height: SIDE; display: block; cursor: crosshair; touch-action: none;
}
.sheet-view > canvas, .sketch-pad img {
  outline: 1px solid var(--jp-border-color1, #bdbdbd);
}
.sheet-row {
  display: flex; flex-wrap: wrap; align-items: center; gap: 6px;
  width: SIDE; margin-top: 8px;
}
.sheet-row button { margin: 0; }
.sheet-row .sheet-start {
  width: 44px; height: 44px; padding: 0; background: #fff center / contain no-repeat;
  border: 1px solid var(--jp-border-color1, #bdbdbd);
}
.sheet-row label { display: flex; align-items: center; gap: 6px; margin-left: auto; }
.sheet-row input { width: 120px; margin: 0; }
""".replace("SIDE", SIDE)
