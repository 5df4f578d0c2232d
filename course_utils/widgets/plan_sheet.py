"""The plan in the browser: rectangles by mouse or keys, as one JavaScript module."""

SCRIPT = """
const HOW = "Drag to paint a rectangle, or to move one of the marked label. Click one \
to choose it: arrow keys move it, with Shift they change its size, Delete removes it.";
const STEPS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};
const between = (low, value, high) => Math.max(low, Math.min(high, value));

function render({ model, el }) {
  const size = model.get("size");
  const colours = new Map(model.get("colours"));
  const plans = new Map(model.get("starts").map((picture, number) => {
    const image = Object.assign(new Image(), { onload: () => paint(), src: picture });
    return [`plan ${number + 1}`, image];
  }));
  const whole = (name) => [0, 0, size, size, name];
  const clip = ([x, y, wide, tall, name]) => {
    const side = (value) => between(0, Math.round(value), size);
    const [left, top] = [side(x), side(y)];
    return [left, top, side(x + wide) - left, side(y + tall) - top, name];
  };
  const known = ([, , wide, tall, name]) => (
    wide > 0 && tall > 0 && (colours.has(name) || plans.has(name))
  );
  const read = (value) => (
    Array.isArray(value) ? value.filter(Array.isArray).map(clip).filter(known) : []
  );

  let sent = read(model.get("value"));  /* lists of parts are replaced, not altered */
  let [parts, chosen, drag, label] = [sent, -1, null, "window"];
  const { send, undo, forget } = remember(model, (value) => {
    if (value !== sent) [parts, chosen, drag] = [sent = read(value), -1, null];
    paint();
  });
  const commit = () => {
    if (!drag && parts !== sent) send(sent = parts);
  };
  const put = (part, number, before = parts) => {
    parts = [...before.slice(0, number), part, ...before.slice(number + 1)];
    chosen = number;
  };
  const remove = () => {
    parts = parts.filter((part, number) => number !== chosen);
    chosen = -1;
    paint();
    commit();
  };
  const moved = ([x, y, wide, tall, name], across, down) => [
    between(0, x + across, size - wide), between(0, y + down, size - tall),
    wide, tall, name,
  ];
  const resized = ([x, y, wide, tall, name], across, down) => [
    x, y, between(1, wide + across, size - x), between(1, tall + down, size - y), name,
  ];
  const middle = [7, 9].map((side) => Array(2).fill(Math.floor(side * size / 16)));
  const spanned = (one, other) => {
    const [left, top] = one.map((start, way) => Math.min(start, other[way]));
    const [wide, tall] = one.map((start, way) => Math.abs(start - other[way]) + 1);
    return [left, top, wide, tall, label];
  };

  const ariaLabel = `plan. ${HOW} Enter paints a rectangle in the middle.`;
  const settings = { tabIndex: 0, role: "application", ariaLabel };
  const sheet = make("canvas", { width: size, height: size, ...settings });
  sheet.dataset.lmSuppressShortcuts = "true";  /* or JupyterLab takes its keys */
  const context = sheet.getContext("2d", { willReadFrequently: true });
  const frame = make("div", { className: "plan-frame" });
  const paint = () => {
    for (const [x, y, wide, tall, name] of [whole(model.get("bare")), ...parts]) {
      const [box, plan] = [[x, y, wide, tall], plans.get(name)];
      context.fillStyle = `rgb(${colours.get(name)})`;
      if (!plan) context.fillRect(...box);
      else if (plan.naturalWidth) context.drawImage(plan, ...box, ...box);
    }
    remover.disabled = frame.hidden = chosen < 0;
    ["left", "top", "width", "height"].forEach((side, number) => {
      frame.style[side] = `${100 * parts[chosen]?.[number] / size}%`;
    });
  };

  const place = (event) => {
    const box = sheet.getBoundingClientRect();
    const pixel = (way) => between(0, Math.floor(way * size / box.width), size - 1);
    return [pixel(event.clientX - box.left), pixel(event.clientY - box.top)];
  };
  const hit = ([x, y]) => {
    const number = parts.findLastIndex(([left, top, wide, tall]) => (
      x >= left && x < left + wide && y >= top && y < top + tall
    ));
    return colours.has(parts[number]?.[4]) ? number : -1;
  };
  sheet.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    sheet.focus({ preventScroll: true });
    sheet.setPointerCapture(event.pointerId);
    const start = place(event);
    drag = { from: event, far: false, start, number: hit(start), before: parts };
  };
  sheet.onpointermove = (event) => {
    if (!event.isPrimary) return;
    const end = place(event);
    const { from, start, number, before } = drag ?? { number: hit(end), before: parts };
    const moves = before[number]?.[4] === label;
    sheet.style.cursor = moves ? "move" : "crosshair";
    if (!drag) return;
    const way = [event.clientX - from.clientX, event.clientY - from.clientY];
    drag.far ||= Math.hypot(...way) > 3;
    if (!drag.far) return;
    const steps = [end[0] - start[0], end[1] - start[1]];
    if (moves) put(moved(before[number], ...steps), number, before);
    else put(spanned(start, end), before.length, before);
    paint();
  };
  sheet.onpointerup = sheet.onpointercancel = sheet.onlostpointercapture = (event) => {
    if (!drag || !event.isPrimary) return;
    if (!drag.far) choose(drag.number);
    drag = null;
    commit();
  };
  sheet.onkeydown = (event) => {
    const [step, change] = [STEPS[event.key], event.shiftKey ? resized : moved];
    if (drag) return;
    if (event.key === "Enter") put(spanned(...middle), parts.length);
    else if (chosen < 0) return;
    else if (step) put(change(parts[chosen], ...step), chosen);
    else if (event.key === "Delete" || event.key === "Backspace") remove();
    else return;
    event.preventDefault();
    paint();
  };
  sheet.onkeyup = sheet.onblur = commit;

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
  const palette = row(...buttons.values());
  palette.classList.add("plan-palette");
  const remover = button("delete", "remove the chosen rectangle", remove);
  const undoer = button("undo", "take back the last change", undo);
  const clearer = button("clear", "start with a bare wall", () => send([]));
  const start = (_, number) => send([whole(`plan ${number + 1}`)]);
  el.classList.add("sheet-view");
  el.append(make("div", { className: "plan-view" }, sheet, frame), palette);
  el.append(row(undoer, remover, clearer), row(HOW));
  el.append(...startRows(model, "plan", start));
  choose(-1);
  return forget;
}
export default { render };
"""
LOOKS = """
.plan-view { position: relative; width: max-content; }
.plan-view canvas { image-rendering: pixelated; }
.plan-view canvas:focus-visible { outline: 3px solid var(--jp-brand-color1, #1976d2); }
.plan-frame {
  position: absolute; box-sizing: border-box; pointer-events: none;
  border: 1px dashed #000; outline: 1px solid #fff;
}
.plan-palette { display: grid; grid-template-columns: repeat(3, auto); }
.plan-palette button {
  display: flex; align-items: center; gap: 6px; width: auto; padding: 0 6px;
}
.plan-swatch {
  flex: none; width: 14px; height: 14px; border: 1px solid #fff; outline: 1px solid;
}
.plan-editor button:disabled { opacity: 0.5; }
"""
