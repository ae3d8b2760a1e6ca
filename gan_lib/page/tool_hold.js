// What can be taken hold of in a tool's picture. A place is measured in cells of the square `area`
// [left, top, size]: as many as the values of the tool's controls go.

import { COLOURS } from "./parts.js";

export const HOLDS = {
  // The controls are a point's place: to the right, and down. It comes to the hand.
  point: {
    taken([x, y], values, { cells }) {
      const inside = Math.min(x, y) >= 0 && Math.max(x, y) <= cells;
      return inside ? { cursor: "crosshair", move: place => place } : null;
    },

    mark(pen, { area: [left, top, size], cells }, [right, down]) {
      pen.beginPath();
      pen.arc(left + right * size / cells, top + down * size / cells, 8, 0, 2 * Math.PI);
      outlined(pen);
    },
  },

  // The controls are a box's left, top, width and height. It is moved at its inside, and sized at
  // the corner below on the right.
  box: {
    taken([x, y], [left, top, width, height], { area: [, , size], cells }, reach) {
      const right = Math.min(cells, left + width), bottom = Math.min(cells, top + height);
      const away = Math.hypot(x - right, y - bottom) * size / cells;
      const inside = x >= left && x <= right && y >= top && y <= bottom;
      // A small box, too, has an inside.
      const corner = Math.min(reach, Math.min(right - left, bottom - top) / 2 * size / cells);
      if (away <= (inside ? corner : reach)) {
        return { cursor: "nwse-resize", move: place => [
          left, top, Math.min(place[0], cells) - left, Math.min(place[1], cells) - top] };
      }
      return inside ? { cursor: "move", move: place => [
        within(left + place[0] - x, cells - width), within(top + place[1] - y, cells - height),
        width, height] } : null;
    },

    mark(pen, { area: [left, top, size], cells }, [boxLeft, boxTop, width, height]) {
      const cell = size / cells, right = Math.min(cells, boxLeft + width);
      const bottom = Math.min(cells, boxTop + height);
      pen.beginPath();
      pen.rect(left + boxLeft * cell, top + boxTop * cell,
               (right - boxLeft) * cell, (bottom - boxTop) * cell);
      outlined(pen);
      pen.fillStyle = "white";
      pen.beginPath();
      pen.rect(left + Math.min(right * cell, size - 3) - 6,
               top + Math.min(bottom * cell, size - 3) - 6, 12, 12);
      pen.fill();
      outlined(pen);
    },
  },
};

function within(value, most) { return Math.max(0, Math.min(value, most)); }

function outlined(pen) { // to be seen on bright and on dark
  for (const [width, colour] of [[5, "white"], [2.5, COLOURS.neutral]]) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke();
  }
}
