/* A plan to paint rectangles on; its value is a list of [x, y, width, height, label].

Lists of rectangles are replaced, never altered, so that undo finds the old ones. */

const HOW = "Drag to paint a rectangle, or to move one of the marked label. Click one \
to choose it: arrow keys move it, with Shift they change its size, Delete removes it. \
Enter paints one in the middle.";
const STEPS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/* The rectangle between two pixels, both included. */
const spanned = ([x, y], [right, low], label) => [
  Math.min(x, right), Math.min(y, low), Math.abs(x - right) + 1, Math.abs(y - low) + 1,
  label,
];

function render({ model, el }) {
  const size = model.get("size");
  const colours = new Map(model.get("colours"));
  const plans = new Map(model.get("starts").map((src, number) => (
    [`plan ${number + 1}`, make("img", { src, onload: () => paint() })]
  )));
  let parts = model.get("value");
  let chosen = -1;  /* its number, or none */
  let label = "window";
  let drag = null;
  const { send, undo, forget } = remember(model, (value) => {
    if (value !== parts) [parts, chosen, drag] = [value, -1, null];
    paint();
  });
  const commit = () => {
    if (!drag && parts !== model.get("value")) send(parts);
  };

  const moved = ([x, y, wide, high, name], [across, down]) => [
    between(0, x + across, size - wide), between(0, y + down, size - high),
    wide, high, name,
  ];
  const resized = ([x, y, wide, high, name], [across, down]) => [
    x, y, between(1, wide + across, size - x), between(1, high + down, size - y), name,
  ];
  const put = (part, number, before = parts) => {
    parts = [...before.slice(0, number), part, ...before.slice(number + 1)];
    chosen = number;
    paint();
  };
  const remove = () => {
    parts = parts.filter((part, number) => number !== chosen);
    chosen = -1;
    paint();
    commit();
  };

  const canvas = keepsItsKeys(make("canvas", { width: size, height: size }));
  Object.assign(canvas, { tabIndex: 0, role: "application", ariaLabel: `plan. ${HOW}` });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const frame = make("div", { className: "plan-frame" });
  const paint = () => {
    for (const [x, y, wide, high, name] of [[0, 0, size, size, "facade"], ...parts]) {
      context.fillStyle = `rgb(${colours.get(name)})`;
      const plan = plans.get(name);
      if (!plan) context.fillRect(x, y, wide, high);
      else if (plan.complete) context.drawImage(plan, x, y, wide, high, x, y, wide, high);
    }
    remover.disabled = frame.hidden = chosen < 0;
    ["left", "top", "width", "height"].forEach((side, number) => {
      frame.style[side] = `${100 * parts[chosen]?.[number] / size}%`;
    });
  };

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const pixel = (way) => between(0, Math.floor(way * size / box.width), size - 1);
    return [pixel(event.clientX - box.left), pixel(event.clientY - box.top)];
  };
  const hit = ([x, y]) => {
    const number = parts.findLastIndex(([left, top, wide, high]) => (
      x >= left && x < left + wide && y >= top && y < top + high
    ));
    return colours.has(parts[number]?.[4]) ? number : -1;  /* a plan is no rectangle */
  };
  canvas.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const start = place(event);
    drag = { event, start, number: hit(start), before: parts, far: false };
  };
  canvas.onpointermove = (event) => {
    const end = place(event);
    const { start, number, before } = drag ?? { number: hit(end), before: parts };
    const moves = before[number]?.[4] === label;
    canvas.style.cursor = moves ? "move" : "crosshair";
    if (!drag) return;
    const [across, down] = [event.x - drag.event.x, event.y - drag.event.y];
    drag.far ||= Math.hypot(across, down) > 3;
    if (!drag.far) return;
    const way = [end[0] - start[0], end[1] - start[1]];
    if (moves) put(moved(before[number], way), number, before);
    else put(spanned(start, end, label), before.length, before);
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!drag) return;
    if (!drag.far) choose(drag.number);
    drag = null;
    commit();
  };
  canvas.onkeydown = (event) => {
    const step = STEPS[event.key];
    const middle = [7, 9].map((share) => Array(2).fill(Math.floor(share * size / 16)));
    if (event.key === "Enter") put(spanned(...middle, label), parts.length);
    else if (chosen < 0) return;
    else if (step) put((event.shiftKey ? resized : moved)(parts[chosen], step), chosen);
    else if (event.key === "Delete" || event.key === "Backspace") remove();
    else return;
    event.preventDefault();
  };
  canvas.onkeyup = canvas.onblur = commit;  /* a key that is held is one change */

  const choose = (number, name = parts[number]?.[4] ?? label) => {
    [chosen, label] = [number, name];
    mark([...buttons.values()], buttons.get(label));
    paint();
  };
  const buttons = new Map([...colours].map(([name, colour]) => {
    const one = button(name, `paint in the colour of: ${name}`, () => choose(-1, name));
    one.prepend(make("span", { className: "plan-swatch" }));
    one.firstChild.style.background = `rgb(${colour})`;
    return [name, one];
  }));
  const palette = make("div", { className: "cu-row plan-palette" }, ...buttons.values());
  const remover = button("delete", "remove the chosen rectangle", remove);
  el.classList.add("cu-view");
  el.append(
    make("div", { className: "plan-view" }, canvas, frame),
    palette,
    row(
      button("undo", "take back the last change", undo),
      remover,
      button("clear", "start with a bare wall", () => send([])),
    ),
    row(HOW),
    startRow(model, (_, number) => send([[0, 0, size, size, `plan ${number + 1}`]])),
  );
  choose(-1);
  return forget;
}
export default { render };
