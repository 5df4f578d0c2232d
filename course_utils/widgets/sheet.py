"""The sheet in the browser: the canvas and its buttons, as one JavaScript module."""

SCRIPT = """
const KINDS = "image/png, image/jpeg, image/webp, image/gif";

function render({ model, el }) {
  const size = model.get("size");
  const sheet = make("canvas", { width: size, height: size, role: "img" });
  sheet.ariaLabel = "sheet to draw on";
  const context = sheet.getContext("2d", { willReadFrequently: true });
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
  const { send, undo, forget } = remember(model, (value) => {
    if (value !== shown) paint(value);
  });

  const width = make("input", { type: "range", min: 1, max: 40 });
  width.dataset.lmSuppressShortcuts = "true";  /* or JupyterLab takes its arrow keys */
  width.oninput = () => { tool.width = Number(width.value); };
  const tools = model.get("tools").map((settings) => ({ ...settings }));
  let tool;
  const take = (one) => {
    tool = one;
    width.value = one.width;
    mark(tools.map(({ button }) => button), one.button);
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

  const chooser = make("input", { type: "file", accept: KINDS, hidden: true });
  chooser.onchange = async () => {
    const [file] = chooser.files;
    if (!file) return;
    const fits = file.size <= model.get("largest");
    const data = fits ? await file.arrayBuffer().catch(() => null) : null;
    model.send({ name: file.name, bytes: file.size }, undefined, data ? [data] : []);
    chooser.value = "";
  };
  const acts = [
    button("undo", "take back the last stroke", undo),
    button("clear", "start with an empty sheet", () => send("")),
    button("upload", "put a picture of yours on the sheet", () => chooser.click()),
  ];
  const label = make("label", {}, "width", width);
  el.classList.add("sheet-view");
  el.append(sheet, row(...tools.map((one) => one.button), label), row(...acts));
  el.append(...startRows(model, "sketch", (picture) => send(picture)), chooser);
  paint(model.get("value"));
  return forget;
}
export default { render };
"""
