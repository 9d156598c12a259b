// The people map: zoom and pan by the viewBox, a walk along its lines by the arrows, cards that are moved and stay.
// Everything is an attribute of the drawing; no style is written, because the policy forbids it.
(() => {
  "use strict";
  const frame = document.querySelector("[data-people-map]");
  const svg = frame?.querySelector("svg");
  if (!svg) return;
  const STEP = 20;
  const LEGIBLE = 0.45; // a card drawn smaller shows initials alone: its words would run into each other
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  let box = [...whole];
  const status = document.querySelector("[data-map-status]");
  const cards = new Map([...svg.querySelectorAll("[data-key]")].map((card) => [card.dataset.key, card]));
  const lines = [...svg.querySelectorAll("[data-from]")];
  const place = (card) => ({ x: Number(card.dataset.x), y: Number(card.dataset.y) });
  const size = (card) => {
    const shape = card.querySelector("rect");
    return { width: Number(shape.getAttribute("width")), height: Number(shape.getAttribute("height")) };
  };
  const middle = (card) => {
    const { x, y } = place(card);
    const { width, height } = size(card);
    return { x: x + width / 2, y: y + height / 2, width, height };
  };

  const near = frame.querySelector("template[data-map-near]");
  const comeNear = () => {
    near.content.querySelectorAll("[data-near]").forEach((part) => {
      cards.get(part.dataset.near).querySelector(":scope > rect").after(...part.childNodes);
    });
    near.remove();
  };
  const look = () => {
    const isFar = svg.getScreenCTM().a < LEGIBLE;
    if (!isFar && near?.isConnected) comeNear(); // what a card shows from near alone waits until somebody comes near
    svg.classList.toggle("pm-far", isFar);
  };
  const show = () => {
    svg.setAttribute("viewBox", box.map((number) => number.toFixed(1)).join(" "));
    look();
  };
  const zoom = (factor, at = { x: box[0] + box[2] / 2, y: box[1] + box[3] / 2 }) => {
    const width = Math.min(Math.max(box[2] * factor, 240), whole[2] * 3);
    const by = width / box[2];
    box = [at.x - (at.x - box[0]) * by, at.y - (at.y - box[1]) * by, width, box[3] * by];
    show();
  };
  const fit = () => {
    box = [...whole];
    show();
  };
  const point = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const reveal = (card) => {
    const { x, y } = middle(card);
    const isOut = x < box[0] || y < box[1] || x > box[0] + box[2] || y > box[1] + box[3];
    if (!isOut) return;
    box = [x - box[2] / 2, y - box[3] / 2, box[2], box[3]];
    show();
  };

  look(); // the whole map is in its frame already: to say so again would lay all of it out anew
  addEventListener("resize", show);

  // One tab stop: the arrows go on from there.
  const stop = (card) => cards.forEach((other) => other.setAttribute("tabindex", other === card ? "0" : "-1"));
  stop(svg.querySelector(".pm-chosen") || cards.values().next().value);
  svg.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-key]");
    if (card) stop(card);
  });

  const ahead = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const nearest = (card, others, [dx, dy]) => {
    const from = middle(card);
    let best = null;
    for (const other of others) {
      const to = middle(other);
      const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
      const beside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
      if (along < 8 || beside > along * 4 + 400) continue;
      const far = along + beside * (dx ? 3 : 0.6);
      if (!best || far < best.far) best = { other, far };
    }
    return best?.other;
  };
  const targets = (line) => line.dataset.to.split(" "); // ties of one card that look alike are one path
  const touches = (line, key) => line.dataset.from === key || targets(line).includes(key);
  const neighbours = (card) =>
    lines
      .filter((line) => touches(line, card.dataset.key))
      .flatMap((line) => (line.dataset.from === card.dataset.key ? targets(line) : [line.dataset.from]))
      .map((key) => cards.get(key));
  const walk = (card, way) => {
    const others = [...cards.values()].filter((other) => other !== card);
    // Along a line where one leads that way, else to whoever is nearest.
    const next = nearest(card, neighbours(card), way) || nearest(card, others, way);
    if (!next) return;
    next.focus();
    reveal(next);
  };

  const drawLine = (line) => {
    const one = middle(cards.get(line.dataset.from));
    const others = targets(line).map((key) => middle(cards.get(key)));
    const other = others[0];
    const kind = line.parentNode.classList[0];
    if (kind === "pm-reports") {
      const across = (other.y + other.height / 2 + one.y - one.height / 2) / 2;
      line.setAttribute("d", `M${other.x} ${other.y + other.height / 2}V${across}H${one.x}V${one.y - one.height / 2}`);
    } else if (kind === "pm-tie") {
      const y1 = one.y + one.height / 2;
      const curve = ({ x, y, height }) => `M${one.x} ${y1}C${one.x} ${y1 + 40} ${x} ${y - height / 2 - 60} ${x} ${y - height / 2}`;
      line.setAttribute("d", others.map(curve).join(""));
    } else if (Math.abs(other.x - one.x) >= one.width) {
      const way = Math.sign(other.x - one.x);
      const [x1, x2] = [one.x + (way * one.width) / 2, other.x - way * (other.width / 2 + 3)];
      line.setAttribute("d", `M${x1} ${one.y}C${(x1 + x2) / 2} ${one.y} ${(x1 + x2) / 2} ${other.y} ${x2} ${other.y}`);
    } else {
      const way = Math.sign(other.y - one.y) || 1;
      const [y1, y2] = [one.y + (way * one.height) / 2, other.y - way * (other.height / 2 + 3)];
      const [x1, x2] = [one.x + one.width / 4, other.x + other.width / 4];
      line.setAttribute("d", `M${x1} ${y1}C${x1 + 24} ${y1 + way * 24} ${x2 + 24} ${y2 - way * 24} ${x2} ${y2}`);
    }
  };
  const move = (card, x, y) => {
    [card.dataset.x, card.dataset.y] = [Math.round(x), Math.round(y)];
    card.setAttribute("transform", `translate(${card.dataset.x} ${card.dataset.y})`);
    lines.filter((line) => touches(line, card.dataset.key)).forEach(drawLine);
  };
  const isTheirs = (card) => card.dataset.key.startsWith("c");
  const keep = async (card) => {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const sent = { contact: card.dataset.key.slice(1), map: frame.dataset.map, x: card.dataset.x, y: card.dataset.y };
    const answer = await fetch(frame.dataset.place, { method: "POST", headers, body: new URLSearchParams(sent) });
    status.textContent = answer.ok ? "The card stays there." : "The card could not be kept there.";
  };
  let waiting = 0;
  const keepSoon = (card) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(card), 400);
  };

  const choose = async (card) => {
    const address = card.getAttribute("href");
    cards.forEach((other) => other.classList.toggle("pm-chosen", other === card));
    history.replaceState(null, "", address);
    await window.htmx.ajax("GET", address, { target: "#map-side", swap: "outerHTML" });
    status.textContent = document.querySelector("#cover-title")?.textContent || "";
  };

  svg.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-key]");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoom(0.8);
    else if (event.key === "-") zoom(1.25);
    else if (event.key === "0") fit();
    else if (card && ahead[event.key]) {
      const [dx, dy] = ahead[event.key];
      if (event.shiftKey && frame.dataset.place && isTheirs(card)) {
        const { x, y } = place(card);
        move(card, x + dx * STEP, y + dy * STEP);
        keepSoon(card);
      } else walk(card, ahead[event.key]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let dragged = null;
  let hasMoved = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const card = event.target.closest("[data-key]");
    const at = point(event);
    hasMoved = false;
    const canMove = card && frame.dataset.place && isTheirs(card);
    dragged = canMove ? { card, at, ...place(card) } : { card: null, at };
  });
  addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const at = point(event);
    if (!hasMoved && Math.hypot(at.x - dragged.at.x, at.y - dragged.at.y) < 5) return;
    hasMoved = true;
    if (dragged.card) move(dragged.card, dragged.x + at.x - dragged.at.x, dragged.y + at.y - dragged.at.y);
    else {
      box[0] -= at.x - dragged.at.x;
      box[1] -= at.y - dragged.at.y;
      show();
    }
  });
  addEventListener("pointerup", () => {
    if (dragged?.card && hasMoved) keep(dragged.card);
    dragged = null;
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("click", (event) => {
    const card = event.target.closest("a[data-key]");
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!hasMoved) choose(card);
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // without it the page scrolls
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 0.87, point(event));
  }, { passive: false });
  document.querySelectorAll("[data-zoom]").forEach((button) =>
    button.addEventListener("click", () => ({ in: () => zoom(0.8), out: () => zoom(1.25), fit })[button.dataset.zoom]()),
  );
})();
