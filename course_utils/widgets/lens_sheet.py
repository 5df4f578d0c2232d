"""Pictures and maps in the browser: a frame on each, moved by a click or by keys."""

from course_utils.plotting import GENERATED, REAL

SIDE, GAP = 240, 20  # of a column and between two, on the screen
SCRIPT = """
const STEPS = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
};
const HOW = "The discriminator's verdicts, one square for each patch: click a square, \
or click a map and use the arrow keys.";
const MEANING = "How likely the patch is real: from 0, orange, surely generated, over \
0.5, white, undecided, to 1, blue, surely real.";

function render({ model, el }) {
  const [size, spans] = [model.get("size"), model.get("spans")];
  const counts = spans.map((list) => list.length);
  const choose = (cell) => {
    const inside = (at, way) => Math.max(0, Math.min(counts[way] - 1, at));
    model.set("value", cell.map(inside));
    model.save_changes();
  };
  const onclick = ({ currentTarget, clientX, clientY }) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const shares = [(clientY - top) / height, (clientX - left) / width];
    choose(shares.map((share, way) => Math.floor(share * counts[way])));
  };
  const onkeydown = (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    choose(model.get("value").map((at, way) => at + step[way]));
  };
  const framed = (className, picture, settings) => {
    const frame = make("div", { className: "lens-frame" });
    const element = make("div", { className, ...settings }, frame);
    element.style.backgroundImage = `url(${picture})`;
    return element;
  };
  const text = (className, ...words) => make("div", { className }, ...words);
  const columns = model.get("shown").map(([name, picture, map]) => {
    const said = { role: "img", ariaLabel: `${name}: the chosen patch is framed` };
    const label = { role: "application", ariaLabel: `${name}: map. ${HOW}` };
    return [
      text("lens-name", name),
      framed("lens-picture", picture, said),
      framed("lens-map", map, { ...label, tabIndex: 0, onclick, onkeydown }),
    ];
  });
  const rows = [0, 1, 2].map((row) => columns.map((column) => column[row]));
  const [names, pictures, maps] = rows;
  /* or JupyterLab takes the arrow keys */
  for (const map of maps) map.dataset.lmSuppressShortcuts = "true";
  const put = ({ firstChild }, [[top, low], [left, right]], [tall, wide]) => {
    const sides = [top / tall, left / wide, (low - top) / tall, (right - left) / wide];
    ["top", "left", "height", "width"].forEach((side, number) => {
      firstChild.style[side] = `${100 * sides[number]}%`;
    });
  };
  const show = () => {
    const cell = model.get("value");
    if (!cell.every((at, way) => at in spans[way])) return;
    const seen = cell.map((at, way) => spans[way][at]);
    for (const one of pictures) put(one, seen, [size, size]);
    for (const one of maps) put(one, cell.map((at) => [at, at + 1]), counts);
  };
  const ticks = ["0: generated", "0.5: undecided", "1: real"];
  const bar = text("lens-scale", ...ticks.map((tick) => make("span", {}, tick)));
  const [how, meaning] = [HOW, MEANING].map((words) => text("lens-text", words));
  const below = [meaning, text("lens-text", "The patch, enlarged:")];
  const all = text("lens-view", ...names, ...pictures, how, ...maps, bar, ...below);
  all.style.gridTemplateColumns = `repeat(${columns.length}, SIDEpx)`;
  all.style.setProperty("--lens", size < SIDE ? "pixelated" : "auto");
  el.classList.add("sheet-view");
  el.append(all);
  model.on("change:value", show);
  show();
  return () => model.off("change:value", show);
}
export default { render };
""".replace("SIDE", str(SIDE))
LOOKS = f"""
.lens-view {{
  display: grid; gap: 6px {GAP}px; margin: 4px; width: max-content; line-height: 1.4;
}}
.lens-name {{ font-weight: bold; overflow-wrap: anywhere; }}
.lens-text, .lens-scale {{ grid-column: 1 / -1; min-width: {2 * SIDE + GAP}px; }}
.lens-picture, .lens-map {{
  position: relative; height: {SIDE}px; background: #fff center / 100% 100%;
  box-shadow: 0 0 0 1px var(--jp-border-color1, #bdbdbd);
}}
.lens-picture {{ image-rendering: var(--lens); }}
.lens-map {{ image-rendering: pixelated; cursor: crosshair; }}
.lens-map:focus-visible {{ outline: 3px solid var(--jp-brand-color1, #1976d2); }}
.lens-frame {{
  position: absolute; pointer-events: none; outline: 2px solid #000;
  box-shadow: 0 0 0 3px #fff;
}}
.lens-scale {{
  display: flex; justify-content: space-between; justify-self: start;
  background: linear-gradient(90deg, {GENERATED}, #fff, {REAL});
}}
.lens-scale span {{ margin: 2px; padding: 0 4px; background: #fff; color: #000; }}
.patch-lens img {{
  mask: repeating-linear-gradient(90deg, #000 0 {SIDE}px, #0000 0 {SIDE + GAP}px);
}}
"""
