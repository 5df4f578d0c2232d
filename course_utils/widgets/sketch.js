/* A canvas with pen, eraser, undo, clear and upload; its value is a PNG's data URL. */

const TOOLS = [
  { name: "pen", title: "draw", colour: "#000", width: 3 },
  { name: "eraser", title: "rub out", colour: "#fff", width: 20 },
];

/* A picture file as large as the canvas or a little larger: halved, lines stay lines. */
const readPicture = async (file, size) => {
  let picture = await createImageBitmap(file);
  while (Math.min(picture.width, picture.height) >= 2 * size) {
    picture = await createImageBitmap(picture, {
      resizeWidth: Math.floor(picture.width / 2),
      resizeHeight: Math.floor(picture.height / 2),
      resizeQuality: "medium",
    });
  }
  return picture;
};

function render({ model, el }) {
  const size = model.get("size");
  const canvas = make("canvas", { width: size, height: size, role: "img" });
  canvas.ariaLabel = "canvas to draw on";
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const wipe = () => {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, size, size);
  };
  let shown = null;  /* the value that the canvas shows */
  const paint = async (value) => {
    fault.textContent = "";
    if (value === shown) return;
    shown = value;
    if (!value) return wipe();
    const image = make("img", { src: value });
    await image.decode();
    if (value !== shown) return;
    wipe();
    context.drawImage(image, 0, 0);
  };
  const { send, undo, forget } = remember(model, paint);
  const sendCanvas = () => {
    shown = canvas.toDataURL("image/png");
    send(shown);
  };

  const width = keepsItsKeys(make("input", { type: "range", min: 1, max: 40 }));
  let tool;
  const take = (one) => {
    tool = one;
    width.value = one.width;
    mark(tools.map((other) => other.button), one.button);
  };
  const tools = TOOLS.map((settings) => {
    const one = { ...settings };
    one.button = button(one.name, one.title, () => take(one));
    return one;
  });
  width.oninput = () => { tool.width = Number(width.value); };
  take(tools[0]);

  let last = null;  /* where the pen is, while it draws */
  const draw = (event) => {
    const box = canvas.getBoundingClientRect();
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
  canvas.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    draw(event);
  };
  canvas.onpointermove = (event) => {
    if (!last) return;
    const passed = event.getCoalescedEvents();
    (passed.length ? passed : [event]).forEach(draw);
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!last) return;
    last = null;
    sendCanvas();
  };

  const fault = make("div", { role: "alert", className: "cu-fault" });
  const chooser = make("input", { type: "file", accept: "image/*", hidden: true });
  chooser.onchange = async () => {
    const [file] = chooser.files;
    chooser.value = fault.textContent = "";
    try {
      const picture = await readPicture(file, size);
      const zoom = size / Math.min(picture.width, picture.height);
      const [wide, high] = [picture.width * zoom, picture.height * zoom];
      wipe();  /* the ground of a picture that is transparent */
      context.drawImage(picture, (size - wide) / 2, (size - high) / 2, wide, high);
      sendCanvas();
    } catch {
      fault.textContent = `${file.name} could not be read as a picture; try another one, `
        + "a JPEG or a PNG.";
    }
  };
  el.classList.add("cu-view");
  el.append(
    canvas,
    row(...tools.map((one) => one.button), make("label", {}, "width", width)),
    row(
      button("undo", "take back the last stroke", undo),
      button("clear", "start with nothing drawn", () => send("")),
      button("upload", "draw on a picture of yours", () => chooser.click()),
    ),
    startRow(model, send),
    fault,
    chooser,
  );
  paint(model.get("value"));
  return forget;
}
export default { render };
