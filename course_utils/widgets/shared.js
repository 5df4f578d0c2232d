/* What the widgets share; each file of them is put behind this one. */

const between = (low, value, high) => Math.max(low, Math.min(high, value));
const make = (tag, settings, ...children) => {
  const element = Object.assign(document.createElement(tag), settings);
  element.append(...children);
  return element;
};
const row = (...children) => make("div", { className: "cu-row" }, ...children);
const button = (name, title, onclick) => make(
  "button", { type: "button", className: "jupyter-button", title, onclick }, name,
);
const mark = (buttons, chosen) => {
  for (const one of buttons) {
    one.ariaPressed = one === chosen;
    one.classList.toggle("mod-primary", one === chosen);
  }
};

/* JupyterLab would take an element's keys for shortcuts of its own. */
const keepsItsKeys = (element) => {
  element.dataset.lmSuppressShortcuts = "true";
  return element;
};

/* A row with a small picture for each that one can start from. */
const startRow = (model, start) => {
  const starts = model.get("starts").map((url, number) => {
    const one = button("", `start from picture ${number + 1}`, () => start(url, number));
    one.classList.add("cu-start");
    one.style.backgroundImage = `url(${url})`;
    return one;
  });
  const line = make("div", { className: "cu-line" }, "or start from one of these:");
  return starts.length ? row(line, ...starts) : "";
};

/* Ways to send a value to Python and to take it back; `show` gets every new one. */
const remember = (model, show) => {
  const past = [model.get("value")];
  const send = (value) => {
    model.set("value", value);
    model.save_changes();
  };
  const undo = () => {
    if (past.length > 1) past.pop();
    send(past.at(-1));
  };
  const follow = () => {
    const value = model.get("value");
    if (value !== past.at(-1)) past.push(value);
    show(value);
  };
  model.on("change:value", follow);
  return { send, undo, forget: () => model.off("change:value", follow) };
};
