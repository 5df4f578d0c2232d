"""What the sheets share in the browser: elements, the way back, and how they look."""

SIDE = "320px"
HELPERS = """
const make = (tag, settings, ...children) => {
  const element = Object.assign(document.createElement(tag), settings);
  element.append(...children);
  return element;
};
const button = (name, title, act) => make("button", {
  type: "button", className: "jupyter-button", title, onclick: act,
}, name);
const mark = (buttons, chosen) => {
  for (const one of buttons) {
    one.ariaPressed = one === chosen;
    one.classList.toggle("mod-primary", one === chosen);
  }
};
const row = (...children) => make("div", { className: "sheet-row" }, ...children);

/* Rows with a button for each picture that the sheet can start from. */
const startRows = (model, name, start) => {
  const starts = model.get("starts").map((picture, number) => {
    const title = `start from ${name} ${number + 1}`;
    const one = button("", title, () => start(picture, number));
    one.classList.add("sheet-start");
    one.style.backgroundImage = `url(${picture})`;
    return one;
  });
  return starts.length ? [row("or start from one of these:"), row(...starts)] : [];
};

/* Ways to send a value, and to take it back; `show` is called with every new one. */
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
    if (past.length > 100) past.shift();
    show(value);
  };
  model.on("change:value", follow);
  return { send, undo, forget: () => model.off("change:value", follow) };
};
"""
STYLE = """
.sheet-view { margin: 2px; color: var(--jp-ui-font-color1, inherit); }
.sheet-view canvas {
  width: SIDE; height: SIDE; display: block; cursor: crosshair; touch-action: none;
}
.sheet-view canvas, .sketch-pad img, .plan-editor img {
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
