/**
 * Points by WebGL, a million of them on any renderer: each frame draws as many as it has time for, in the order given,
 * and the picture fills until all are there. (Libraries on regl make functions out of text, which the content security
 * policy of the lab forbids, and draw all points in every frame.)
 */

const VERTEX = `#version 300 es
in vec2 place;
in float shade;
uniform vec4 view;
uniform float size;
uniform sampler2D palette;
out vec4 colour;
void main() {
  gl_Position = vec4(place * view.xy + view.zw, 0.0, 1.0);
  gl_PointSize = size;
  colour = texelFetch(palette, ivec2(int(shade + 0.5), 0), 0);
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 colour;
uniform float opacity;
out vec4 pixel;
void main() {
  float edge = length(gl_PointCoord - 0.5);
  if (edge > 0.5) discard;
  pixel = vec4(colour.rgb * opacity, opacity);
}`;

/** What is seen: the middle, and pixels of the page a unit. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly unit: number;
  readonly width: number;
  readonly height: number;
}

export interface Points {
  /** Shapes: xy [n, 2] */
  place(xy: Float32Array): void;
  /** Entries of the palette. Shapes: shades [n] */
  shade(shades: Uint8Array): void;
  /** Shapes: rgb [256, 3] of 0 … 255. */
  colour(rgb: Uint8Array): void;
  show(window: Window): void;
  end(): void;
}

/** Points of one frame, at first, at least and at most. */
const [FIRST, LEAST, MOST] = [20_000, 5_000, 4_000_000];
/** Milliseconds between frames that are too many, and that leave time for more points. */
const [SLOW, QUICK] = [26, 20];

/** Few points are large, many are small and let others through. */
const lookOf = (n: number): { size: number; opacity: number } => {
  if (n > 200_000) return { size: 1.5, opacity: 0.35 };
  return n > 20_000 ? { size: 2.2, opacity: 0.5 } : { size: 4, opacity: 0.75 };
};

const shaderOf = (gl: WebGL2RenderingContext, kind: number, source: string): WebGLShader => {
  const shader = gl.createShader(kind)!;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
};

const programOf = (gl: WebGL2RenderingContext): WebGLProgram => {
  const program = gl.createProgram();
  gl.attachShader(program, shaderOf(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(program, shaderOf(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`points: expected shaders to link, got ${gl.getProgramInfoLog(program)}`);
  }
  return program;
};

/** Calls `draw` in each frame until it has no more to do. */
const framesOf = (draw: (sinceLast: number) => boolean) => {
  let id = 0;
  let last = 0;
  const frame = (now: number): void => {
    const more = draw(last === 0 ? 0 : now - last);
    last = more ? now : 0;
    id = more ? requestAnimationFrame(frame) : 0;
  };
  return {
    wake: (): void => {
      if (id === 0) id = requestAnimationFrame(frame);
    },
    end: (): void => cancelAnimationFrame(id),
  };
};

/** Undefined where the browser has no WebGL 2. */
export const createPoints = (canvas: HTMLCanvasElement): Points | undefined => {
  const gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: true });
  if (!gl) return undefined;
  const program = programOf(gl);
  gl.useProgram(program);
  const at = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  const [view, size, opacity] = [at('view'), at('size'), at('opacity')];
  const attribute = (name: string, values: number, type: number): WebGLBuffer => {
    const buffer = gl.createBuffer();
    const location = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, values, type, false, 0, 0);
    return buffer;
  };
  const places = attribute('place', 2, gl.FLOAT);
  const shades = attribute('shade', 1, gl.UNSIGNED_BYTE);
  const fill = (buffer: WebGLBuffer, values: Float32Array | Uint8Array): void => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
  };
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);

  let [n, shaded, drawn, atOnce] = [0, 0, 0, FIRST];
  const { wake, end } = framesOf((sinceLast) => {
    if (sinceLast > SLOW) atOnce = Math.max(LEAST, atOnce / 2);
    else if (sinceLast > 0 && sinceLast < QUICK) atOnce = Math.min(MOST, atOnce * 1.5);
    if (drawn === 0) gl.clear(gl.COLOR_BUFFER_BIT);
    const ready = Math.min(n, shaded);
    const count = Math.min(Math.floor(atOnce), ready - drawn);
    if (count > 0) gl.drawArrays(gl.POINTS, drawn, count);
    drawn += Math.max(0, count);
    canvas.dataset.drawn = String(drawn);
    return drawn < ready;
  });
  const restart = (): void => {
    drawn = 0;
    wake();
  };
  return {
    place: (xy) => {
      n = xy.length / 2;
      fill(places, xy);
      // Colours of other points are none of these.
      shaded = 0;
      restart();
    },
    shade: (bytes) => {
      shaded = bytes.length;
      fill(shades, bytes);
      restart();
    },
    colour: (rgb) => {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, 256, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, rgb);
      restart();
    },
    show: ({ x, y, unit, width, height }) => {
      const scale = devicePixelRatio;
      const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
      if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide;
        canvas.height = high;
        gl.viewport(0, 0, wide, high);
      }
      const [sx, sy] = [(2 * unit) / width, (2 * unit) / height];
      gl.uniform4f(view, sx, sy, -x * sx, -y * sy);
      const look = lookOf(n);
      gl.uniform1f(size, look.size * scale);
      gl.uniform1f(opacity, look.opacity);
      restart();
    },
    end: () => {
      end();
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
};
