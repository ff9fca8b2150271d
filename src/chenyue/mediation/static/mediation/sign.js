// A signature drawn with a finger, a pen or a mouse: strokes go as whole numbers into the hidden field.
(() => {
  const box = document.querySelector("[data-signing]");
  const field = document.querySelector("input[name=drawing]");
  if (!box || !field) return;
  const canvas = box.querySelector("canvas");
  const pen = canvas.getContext("2d");
  let strokes = [];
  let stroke = null;
  box.hidden = false;
  pen.lineWidth = 8;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#111";
  const point = (event) => {
    const at = canvas.getBoundingClientRect();
    const on = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return [
      on(((event.clientX - at.left) / at.width) * 1000, 1000),
      on(((event.clientY - at.top) / at.height) * 400, 400),
    ];
  };
  const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; };
  canvas.addEventListener("pointerdown", (event) => {
    stroke = [point(event)];
    strokes.push(stroke);
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const [x, y] = point(event);
    const [a, b] = stroke[stroke.length - 1];
    if (Math.abs(x - a) + Math.abs(y - b) < 4) return;
    stroke.push([x, y]);
    pen.beginPath();
    pen.moveTo(a, b);
    pen.lineTo(x, y);
    pen.stroke();
  });
  const end = () => { stroke = null; keep(); };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  box.querySelector("[data-signing-again]").addEventListener("click", () => {
    strokes = [];
    pen.clearRect(0, 0, canvas.width, canvas.height);
    keep();
  });
})();
