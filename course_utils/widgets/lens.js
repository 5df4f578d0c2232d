/* Pictures above their maps of verdicts, and the patch behind the cell that is chosen. */

const STEPS = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
};
const HOW = "The discriminator's verdicts, one square for each patch: click a square, \
or click a map and use the arrow keys.";
const MEANING = "How likely the patch is real: from 0, orange, surely generated, over \
0.5, white, undecided, to 1, blue, surely real.";

function render({ model, el }) {
  const [size, patch] = [model.get("size"), model.get("patch")];
  const [starts, shown] = [model.get("starts"), model.get("shown")];
  const choose = (cell) => {
    model.set("value", cell.map((at) => between(0, at, starts.length - 1)));
    model.save_changes();
  };
  const onclick = ({ currentTarget, clientX, clientY }) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const shares = [(clientY - top) / height, (clientX - left) / width];
    choose(shares.map((share) => Math.floor(share * starts.length)));
  };
  const onkeydown = (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    choose(model.get("value").map((at, way) => at + step[way]));
  };

  const box = (className, ...children) => make("div", { className }, ...children);
  const picture = (className, url, ...children) => {
    const element = box(className, ...children);
    element.style.backgroundImage = `url(${url})`;
    return element;
  };
  const columns = shown.map(([name, url, map]) => ({
    name: box("lens-name", name),
    whole: picture("lens-box", url, box("lens-frame")),
    map: keepsItsKeys(picture("lens-box lens-map", map, box("lens-frame"))),
    zoomed: box("lens-box lens-patch", picture("lens-inside", url)),
  }));
  for (const { name, map } of columns) {
    const ariaLabel = `${name.textContent}: map. ${HOW}`;
    Object.assign(map, { role: "application", ariaLabel, tabIndex: 0, onclick, onkeydown });
  }
  const ticks = ["0: generated", "0.5: undecided", "1: real"];
  const said = make("div", { className: "lens-text", role: "status" });
  const each = (part) => columns.map((column) => column[part]);
  const view = box(
    "lens-view",
    ...each("name"), ...each("whole"),
    box("lens-text", HOW), ...each("map"),
    box("lens-scale", ...ticks.map((tick) => make("span", {}, tick))),
    box("lens-text", MEANING),
    box("lens-text", "The patch, enlarged:"), ...each("zoomed"), said,
  );
  view.style.gridTemplateColumns = `repeat(${columns.length}, 256px)`;

  /* Puts an element at [top, left, bottom, right] of something `whole` pixels wide. */
  const put = ({ style }, [top, left, low, right], whole) => Object.assign(style, {
    top: `${100 * top / whole}%`, height: `${100 * (low - top) / whole}%`,
    left: `${100 * left / whole}%`, width: `${100 * (right - left) / whole}%`,
  });
  const show = () => {
    const [y, x] = model.get("value");
    const [top, left] = [starts[y], starts[x]];
    const patchBox = [top, left, top + patch, left + patch];
    const seen = patchBox.map((side) => between(0, side, size));
    for (const { whole, map, zoomed } of columns) {
      put(whole.firstChild, seen, size);
      put(map.firstChild, [y, x, y + 1, x + 1], starts.length);
      put(zoomed.firstChild, [-top, -left, size - top, size - left], patch);
    }
    const chances = shown.map(([name, , , map]) => `${name} ${map[y][x].toFixed(2)}`);
    const hatched = String(seen) === String(patchBox) ? "" : "; the rest is hatched";
    said.textContent = `Row ${y}, column ${x}: ${chances.join(", ")}. The patch: pixel `
      + `rows ${seen[0]} to ${seen[2] - 1}, columns ${seen[1]} to ${seen[3] - 1}${hatched}.`;
  };
  el.classList.add("cu-view");
  el.append(view);
  model.on("change:value", show);
  show();
  return () => model.off("change:value", show);
}
export default { render };
