
"use strict";

// The network --------------------------------------------------------------------------------

const element = (id) => document.getElementById(id);
const network = JSON.parse(element("network").textContent);
const [HEIGHT, WIDTH] = network.shape;

// Numbers of 16 bits: sign, 5 bits of exponent, 10 of fraction (IEEE 754).
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const READERS = {
  float32: [4, (bytes) => new Float32Array(bytes)],
  float16: [2, (bytes) => Float32Array.from(new Uint16Array(bytes), half)],
  int8: [1, (bytes) => Float32Array.from(new Int8Array(bytes))],
};

// Return the steps of the network, each with its arrays; they lie one after another.
function decoded() {
  const text = atob(element("weights").textContent.replace(/\s+/g, ""));
  const content = Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
  let at = 0;
  return network.stages.map((stage) => {
    const arrays = {};
    for (const [name, kind, shape] of stage.arrays) {
      const [size, read] = READERS[kind];
      const end = at + size * shape.reduce((product, side) => product * side, 1);
      arrays[name] = read(content.slice(at, end));
      at = end;
    }
    if (arrays.factors) { // whole numbers, with one factor for each column
      const { weights, factors } = arrays;
      arrays.weights = weights.map((value, k) => value * factors[k % factors.length]);
    }
    return { ...stage, arrays };
  });
}

// The error function by its series of positive terms, exact to the last bits of a number.
// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6.
function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function softmax(x) {
  const most = x.reduce((a, b) => Math.max(a, b));
  const powers = x.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

const sigmoid = (x) => 0.5 * Math.tanh(0.5 * x) + 0.5;
const ACTIVATIONS = {
  "relu": (x) => x.map((v) => Math.max(v, 0)),
  "leaky-relu": (x, { slope }) => x.map((v) => (v > 0 ? v : slope * v)),
  "elu": (x, { alpha }) => x.map((v) => (v > 0 ? v : alpha * Math.expm1(v))),
  "gelu": (x) => x.map((v) => 0.5 * v * (1 + erf(v * Math.SQRT1_2))),
  "sigmoid": (x) => x.map(sigmoid),
  "tanh": (x) => x.map(Math.tanh),
  "softmax": softmax,
};

// Take the numbers x (Float64Array) through one step.
const STEPS = {
  "scale": (x, { offset, factor }) =>
    x.map((v, k) => (v - offset[k % offset.length]) * factor[k % factor.length]),
  "dense": (x, { weights, biases }) => {
    const y = Float64Array.from(biases), units = biases.length;
    x.forEach((value, row) => {
      if (value === 0) return; // most of an image is paper
      for (let k = 0, at = row * units; k < units; k++) y[k] += value * weights[at + k];
    });
    return y;
  },
  "batch-normalization": (x, { gamma, beta, mean, variance }, { epsilon }) =>
    x.map((v, k) => ((v - mean[k]) / Math.sqrt(variance[k] + epsilon)) * gamma[k] + beta[k]),
};

const stages = decoded();

// What the output units say of an image, its pixels 0 paper to 255 ink; may not sum to 1.
function outputs(pixels) {
  let x = Float64Array.from(pixels);
  for (const { kind, name, settings, arrays } of stages) {
    x = kind === "activation" ? ACTIVATIONS[name](x, settings) : STEPS[kind](x, arrays, settings);
  }
  return ACTIVATIONS[network.output](x, {});
}

function probabilities(pixels) {
  const answers = outputs(pixels), sum = answers.reduce((a, b) => a + b);
  return answers.map((answer) => answer / Math.max(sum, 1e-300));
}

// From a drawing to an image -----------------------------------------------------------------
//
// A soft brush runs along the strokes. The digit fills a box of 20 pixels with its longer
// side, and is moved until its centre of mass lies at pixel 14 of 28: as in MNIST.

const SIDE = 28, BOX = 20, CENTRE = 14, MARGIN = 4;
const STEP = 0.3; // pixels between two prints of the brush
const MOST_STEPS = 32768;
const THINNEST = 0.6; // pixels, the least radius of a pen
const LIGHTEST = 0.35; // the share of its width a pen keeps at no pressure
const UNITS = 280; // along an edge of the paper
const RADIUS = 9; // of the pen, in these units

const lengthOf = (path) => path.slice(1).reduce(
  (sum, [x, y], k) => sum + Math.hypot(x - path[k][0], y - path[k][1]), 0);

// Return the prints of the brush along one stroke of points [x, y, pressure].
function printsAlong(path, spacing) {
  const length = lengthOf(path), count = Math.max(1, Math.ceil(length / spacing));
  const prints = [];
  let piece = 0, before = 0;
  for (let k = 0; k < count; k++) {
    const place = (k + 0.5) * (length / count);
    let step = 0;
    while (piece < path.length - 1) {
      step = lengthOf(path.slice(piece, piece + 2));
      if (before + step >= place) break;
      before += step;
      piece++;
    }
    const from = path[piece], to = path[Math.min(piece + 1, path.length - 1)];
    const share = step > 0 ? Math.min((place - before) / step, 1) : 0;
    const [x, y, pressure] = from.map((value, axis) => value + share * (to[axis] - value));
    prints.push({ x, y, width: LIGHTEST + (1 - LIGHTEST) * pressure, length, count });
  }
  return prints;
}

// Return exp(-((pixel - place) / sigma)^2 / 2) for the pixels of one side.
function bell(place, sigma) {
  return Float64Array.from({ length: SIDE }, (_, pixel) => {
    const off = (pixel - (SIDE - 1) / 2 - place) / sigma;
    return Math.exp(Math.max(-off * off / 2, -35));
  });
}

// Paint strokes into a picture of 28 x 28, 0 paper to 1 ink, its box in the middle.
function painted(strokes, radius) {
  const points = strokes.flat(), sides = [0, 1].map((axis) => points.map((p) => p[axis]));
  const low = sides.map((side) => side.reduce((a, b) => Math.min(a, b)));
  const high = sides.map((side) => side.reduce((a, b) => Math.max(a, b)));
  const extent = Math.max(high[0] - low[0], high[1] - low[1]);
  let scale = BOX / (extent + 2 * radius); // pixels per unit
  if (radius * scale < THINNEST) scale = (BOX - 2 * THINNEST) / Math.max(extent, 1e-300);
  const total = strokes.reduce((sum, path) => sum + lengthOf(path), 0);
  const spacing = Math.max(STEP / scale, total / MOST_STEPS);
  const ink = new Float64Array(SIDE * SIDE);
  for (const print of strokes.flatMap((path) => printsAlong(path, spacing))) {
    const wide = Math.max(radius * scale * print.width, THINNEST);
    const sigma = 0.48 + 0.15 * wide;
    // A dot leaves as much ink as the piece of line that fits under the brush.
    const dot = Math.sqrt(2 * Math.PI) * sigma;
    const length = Math.max(scale * print.length, dot) / print.count;
    // So high that on a long line the ink is 1/2 at the pen's radius.
    const height = Math.exp((wide / sigma) ** 2 / 2) / (Math.sqrt(8 * Math.PI) * sigma);
    const across = bell((print.x - (low[0] + high[0]) / 2) * scale, sigma);
    const down = bell((print.y - (low[1] + high[1]) / 2) * scale, sigma);
    for (let row = 0; row < SIDE; row++) {
      const weight = down[row] * length * height;
      for (let k = 0; k < SIDE; k++) ink[row * SIDE + k] += weight * across[k];
    }
  }
  return ink.map((value) => Math.min(value, 1));
}

// Return by how many pixels the centre of mass of a profile is off pixel 14.
function shiftOf(profile) {
  const total = profile.reduce((a, b) => a + b);
  const off = profile.reduce((sum, v, k) => sum + v * (k - CENTRE), 0) / Math.max(total, 1e-12);
  return Math.min(Math.max(Math.round(off + 1e-3), -MARGIN), MARGIN);
}

// Return the image 28 x 28 of a drawing, 0 paper to 255 ink, framed as the training images.
function framed(strokes, radius) {
  const image = new Uint8Array(SIDE * SIDE);
  if (!strokes.length) return image;
  const ink = painted(strokes, radius);
  const darkest = Math.max(ink.reduce((a, b) => Math.max(a, b)), 1e-6);
  const rows = new Float64Array(SIDE), columns = new Float64Array(SIDE);
  ink.forEach((value, at) => {
    rows[Math.floor(at / SIDE)] += value;
    columns[at % SIDE] += value;
  });
  const down = shiftOf(rows), right = shiftOf(columns);
  for (let row = 0; row < SIDE; row++) {
    for (let k = 0; k < SIDE; k++) {
      const y = row + down, x = k + right;
      const inside = x >= 0 && x < SIDE && y >= 0 && y < SIDE;
      image[row * SIDE + k] = inside ? Math.floor((ink[y * SIDE + x] / darkest) * 255) : 0;
    }
  }
  return image;
}

// Return for each of `size` pixels the weights of the 28 that it is made of.
function mixing(size) {
  const scale = SIDE / size, reach = Math.max(scale, 1);
  return Array.from({ length: size }, (_, k) => {
    const weights = Array.from({ length: SIDE }, (_, from) =>
      Math.max(0, 1 - Math.abs(from + 0.5 - (k + 0.5) * scale) / reach));
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  });
}

// Return an image in the size that the network reads: a square in the middle of it.
function fitted(image) {
  if (HEIGHT === SIDE && WIDTH === SIDE) return image;
  const size = Math.min(HEIGHT, WIDTH), mix = mixing(size), made = new Uint8Array(HEIGHT * WIDTH);
  const top = Math.floor((HEIGHT - size) / 2), left = Math.floor((WIDTH - size) / 2);
  const narrow = Array.from({ length: SIDE }, (_, row) => mix.map((weights) =>
    Math.round(weights.reduce((sum, w, from) => sum + w * image[row * SIDE + from], 0))));
  mix.forEach((weights, row) => mix.forEach((_, k) => {
    const value = weights.reduce((sum, w, from) => sum + w * narrow[from][k], 0);
    made[(top + row) * WIDTH + left + k] = Math.round(value);
  }));
  return made;
}

// The page -----------------------------------------------------------------------------------

const paper = element("paper"), seen = element("seen");
let strokes = []; // arrays of points [x, y, pressure], in units of the paper
let pointer = null; // what draws at the moment
let image = new Uint8Array(HEIGHT * WIDTH);

const rows = network.class_names.map((name) => {
  const row = document.createElement("div"), term = document.createElement("dt");
  const track = document.createElement("dd"), fill = document.createElement("div");
  const value = document.createElement("dd");
  term.textContent = term.title = name;
  track.className = "track";
  track.setAttribute("aria-hidden", "true");
  fill.className = "fill";
  value.className = "value";
  track.append(fill);
  row.append(term, track, value);
  element("bars").append(row);
  return { row, fill, value };
});
element("bars").classList.toggle("many", rows.length > 12);
seen.width = WIDTH;
seen.height = HEIGHT;

const percent = (share) => `${(100 * share).toFixed(1)} %`;

function showAnswer() {
  const answers = strokes.length ? probabilities(image) : null;
  const best = answers ? answers.indexOf(answers.reduce((a, b) => Math.max(a, b))) : -1;
  rows.forEach(({ row, fill, value }, k) => {
    fill.style.width = answers ? `${100 * answers[k]}%` : "0";
    value.textContent = answers ? percent(answers[k]) : "";
    row.classList.toggle("winner", k === best);
  });
  element("best").textContent = answers ? network.class_names[best] : "–";
  element("sure").textContent = answers
    ? `${percent(answers[best])} sure` : "Draw, and the network reads it at once.";
}

function showImage() {
  const context = seen.getContext("2d"), data = context.createImageData(WIDTH, HEIGHT);
  image.forEach((value, at) => data.data.set([value, value, value, 255], 4 * at));
  context.putImageData(data, 0, 0);
}

function showPaper() {
  const side = Math.max(1, Math.round(paper.clientWidth * (window.devicePixelRatio || 1)));
  if (paper.width !== side) paper.width = paper.height = side;
  const context = paper.getContext("2d"), unit = side / UNITS;
  context.setTransform(unit, 0, 0, unit, 0, 0);
  context.clearRect(0, 0, UNITS, UNITS);
  context.strokeStyle = "#f5f6f8";
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const path of strokes) {
    const even = path.every((point) => point[2] === path[0][2]);
    // A line of one width is drawn at once: its pieces would show where they overlap.
    if (even) strokeThrough(context, path);
    else path.forEach((point, k) => strokeThrough(context, [path[Math.max(k - 1, 0)], point]));
  }
}

// Draw a line through points, as wide as the pressure at the last one says.
function strokeThrough(context, points) {
  const [startX, startY] = points[0], pressure = points[points.length - 1][2];
  context.lineWidth = 2 * RADIUS * (LIGHTEST + (1 - LIGHTEST) * pressure);
  context.beginPath();
  context.moveTo(startX, startY);
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

// Show everything anew; what a screen reader says changes only when a line is finished.
function show() {
  image = fitted(framed(strokes, RADIUS));
  showPaper();
  showImage();
  showAnswer();
  element("undo").disabled = element("clear").disabled = !strokes.length;
  if (pointer === null) {
    const said = `${element("best").textContent}, ${element("sure").textContent}`;
    element("spoken").textContent = strokes.length ? said : "The paper is blank.";
  }
}

let waiting = false; // at most one drawing for each frame of the screen
function showSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    show();
  });
}

function pointOf(event) {
  const place = paper.getBoundingClientRect();
  const held = (value) => Math.min(Math.max(value, 0), UNITS);
  return [
    held((event.clientX - place.left - paper.clientLeft) * (UNITS / paper.clientWidth)),
    held((event.clientY - place.top - paper.clientTop) * (UNITS / paper.clientHeight)),
    event.pointerType === "pen" ? event.pressure : 1,
  ];
}

paper.addEventListener("pointerdown", (event) => {
  if (pointer !== null || event.button !== 0) return; // a second finger, or another button
  pointer = event.pointerId;
  paper.setPointerCapture(pointer);
  strokes.push([pointOf(event)]);
  showSoon();
});
paper.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  strokes[strokes.length - 1].push(...(events.length ? events : [event]).map(pointOf));
  showSoon();
});
for (const name of ["pointerup", "pointercancel"]) {
  paper.addEventListener(name, (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    if (name === "pointercancel") strokes.pop();
    show();
  });
}

function undo() {
  if (pointer === null) strokes.pop();
  show();
}

function clear() {
  if (pointer === null) strokes = [];
  show();
}

element("undo").addEventListener("click", undo);
element("clear").addEventListener("click", clear);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
  else if (event.key === "Delete" || event.key === "Backspace") clear();
  else return;
  event.preventDefault();
});
new ResizeObserver(showPaper).observe(paper);
show();
