/** Moves heights apart so that texts do not cover each other, each as little as the others allow, inside [top, bottom]. */
export const spread = (heights: readonly number[], gap: number, top: number, bottom: number): number[] => {
  const ranked = heights.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  const placed: number[] = [];
  let groups: { centre: number; size: number }[] = [];
  for (const { y } of ranked) {
    groups.push({ centre: y, size: 1 });
    for (;;) {
      const [before, last] = groups.slice(-2);
      if (!before || !last) break;
      if (last.centre - before.centre >= (gap * (before.size + last.size)) / 2) break;
      const size = before.size + last.size;
      groups = [
        ...groups.slice(0, -2),
        { centre: (before.centre * before.size + last.centre * last.size) / size, size },
      ];
    }
  }
  let next = top;
  for (const { centre, size } of groups) {
    const first = Math.max(next, Math.min(centre - (gap * (size - 1)) / 2, bottom - gap * (size - 1)));
    for (let i = 0; i < size; i++) placed.push(first + gap * i);
    next = first + gap * size;
  }
  const result: number[] = Array.from({ length: heights.length });
  ranked.forEach(({ index }, rank) => {
    result[index] = placed[rank]!;
  });
  return result;
};
